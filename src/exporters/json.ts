import { fixedByOthers } from '../../search-space/fixed-by-others.ts';
import type { Configuration } from '../../search-space/parameter.ts';
import { restrictionText } from '../../search-space/restriction-text.ts';
import type { SpaceDefinition } from '../../search-space/space-definition.ts';
import { unknown } from '../../tuner/attribution/gain.ts';
import type { ExportDocument } from '../documents/export.ts';
import { fileName, filePart } from '../languages/file-names.ts';
import { prettyJson } from '../languages/json.ts';
import type { Exporter, TunedShape, TunedTarget } from './_base.ts';
import { soughtOf } from './words.ts';

/** One self-describing document for each target. */
export const json: Exporter = Object.freeze<Exporter>({
  name: 'json',
  writes: 'answers',
  summary: 'one document a target, with its schema in docs/schema/export.json',
  export: async (tuned) => ({
    files: [
      {
        name: fileName([filePart(tuned.target.name)], '.json'),
        text: prettyJson(documentOf(tuned)),
      },
    ],
    notes: [],
  }),
});

const NO_COMMON = unknown('not tried', 'no configuration was timed at every shape');

type ShapeDocument = ExportDocument['kernels'][number]['shapes'][number];

function documentOf({ target, kernels, leftOut }: TunedTarget): ExportDocument {
  return {
    schemaVersion: 1,
    target: { name: target.name, fingerprint: target.fingerprint, from: target.kind },
    kernels: kernels.map(({ name, dtype, shapes, fallback }) => ({
      kernel: name,
      dtype,
      shapes: shapes.map(shapeOf),
      otherShapes:
        fallback.kind === 'default'
          ? {
              ...configured(fallback.configuration, shapes[0].study.space),
              how: 'default',
              worstRegret: NO_COMMON,
            }
          : {
              ...configured(fallback.choice.configuration, shapes[0].study.space),
              how: 'robust',
              worstRegret: fallback.choice.worst,
            },
    })),
    leftOut,
  };
}

function shapeOf({
  kernel,
  best,
  target,
  study,
  interval,
  intervalFrom,
  metrics,
  verified,
}: TunedShape): ShapeDocument {
  return {
    shape: kernel.shape,
    kernelHash: kernel.hash,
    ...configured(best.configuration, study.space),
    timeUs: best.timeUs,
    interval,
    intervalFrom,
    ...soughtOf(best),
    ...(metrics && { metrics }),
    basis: best.basis,
    ...(verified && { verified }),
    fingerprint: target.fingerprint,
    study: best.studyId,
    restrictedTo: restrictionText(study.space),
    toolVersion: best.toolVersion,
  };
}

function configured(
  configuration: Configuration,
  space: SpaceDefinition,
): Pick<ShapeDocument, 'configuration' | 'withoutChoice'> {
  return { configuration, withoutChoice: fixedByOthers(space, configuration).map(({ name }) => name) };
}

import type { ExportDocument } from '../documents/export.ts';
import { fileName, filePart } from '../languages/file-names.ts';
import { prettyJson } from '../languages/json.ts';
import type { Exporter, TunedTarget } from './_base.ts';

/** One self-describing document for each target. */
export const json: Exporter = Object.freeze<Exporter>({
  name: 'json',
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

function documentOf({ target, kernels }: TunedTarget): ExportDocument {
  return {
    schemaVersion: 1,
    target: { name: target.name, fingerprint: target.fingerprint, from: target.kind },
    kernels: kernels.map(({ name, dtype, shapes, fallback }) => ({
      kernel: name,
      dtype,
      shapes: shapes.map(({ kernel, best }) => ({
        shape: kernel.shape,
        kernelHash: kernel.hash,
        configuration: best.configuration,
        timeUs: best.timeUs,
        basis: best.basis,
        study: best.studyId,
        toolVersion: best.toolVersion,
      })),
      otherShapes:
        fallback.kind === 'default'
          ? { configuration: fallback.configuration, how: 'default', worstRegret: null }
          : {
              configuration: fallback.choice.configuration,
              how: 'robust',
              worstRegret: fallback.choice.worst,
            },
    })),
  };
}

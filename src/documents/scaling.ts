import { z } from 'zod';
import type { Mechanism } from '../../search-space/parameter.ts';
import { TARGET_KINDS } from '../../store/target-kinds.ts';
import type { Findings } from '../../tuner/attribution/findings.ts';
import { isKnown, type TimeFigure, unknown } from '../../tuner/attribution/gain.ts';
import { publishedGains } from '../answers/published.ts';
import { breakEvenSize, payingRanges } from '../answers/scaling.ts';
import { parseShape } from '../kernels/shape.ts';
import { intervalSourceOf } from '../targets/npu/machine/parameter-sets.ts';
import type { StudyReference } from './parts.ts';
import { gainFigure, intervalFrom, orUnknown, publishedList, restrictedTo, timeUs } from './parts.ts';

const size = z.number().positive().describe('Elements: the product of the extents.');

/** `scaling --format json`. */
export const scalingDocumentSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    kernel: z.string(),
    dtype: z.string(),
    target: z.string(),
    mechanism: z.enum(['vec', 'mt', 'db']),
    seed: z.int(),
    strategy: z.string(),
    restrictedTo,
    from: z.enum(TARGET_KINDS).nullable().describe('Where the times come from.'),
    intervalFrom,
    sizes: z
      .array(
        z
          .strictObject({
            shape: z.string(),
            elements: size,
            study: z.string(),
            timeUs: orUnknown(timeUs).describe('Of the configuration to use.'),
            leftOut: gainFigure.describe(
              'Best without the mechanism over best with it permitted, all else tuned in both.',
            ),
            forced: gainFigure.describe(
              'Best without the mechanism over best with it strictly on; below 1 it does not pay.',
            ),
            published: publishedList.describe(
              'Published gains of the mechanism at this size on this device.',
            ),
          })
          .readonly(),
      )
      .readonly(),
    pays: z
      .array(z.strictObject({ from: size.nullable(), to: size.nullable() }).readonly())
      .readonly()
      .describe(
        'Sizes at which the forced gain is at least 1; null for an end beyond the sizes where it is known.',
      ),
    breakEven: orUnknown(size).describe(
      'Elements above which the mechanism pays at every size, interpolated; not applicable if there is no such size.',
    ),
  })
  .readonly()
  .meta({ title: 'What nightshift scaling prints' });

export type ScalingDocument = z.infer<typeof scalingDocumentSchema>;

/** The findings of the study of one size. */
export type SizedFindings = Readonly<{ reference: StudyReference; findings: Findings }>;

const NO_PARAMETER = unknown('not applicable', 'the space has no parameter of it');

/** A visit without a time has no gain for the same reason. */
function whyNoTime({ gainOverDefault }: Findings): TimeFigure {
  return isKnown(gainOverDefault) ? unknown('failed', 'nothing could be timed') : gainOverDefault;
}

/** The gain of a mechanism over sizes of one kernel, sorted ascending. `sized` must not be empty. */
export function scalingDocument(mechanism: Mechanism, sized: readonly SizedFindings[]): ScalingDocument {
  const { kernel, dtype, target, seed, strategy, restrictedTo } = sized[0].reference;
  const sizes = sized.map(({ reference, findings }) => ({
    shape: reference.shape,
    elements: parseShape(reference.shape).reduce((product, extent) => product * extent, 1),
    study: reference.id,
    timeUs: findings.best?.timeUs ?? whyNoTime(findings),
    leftOut: findings.gains[mechanism]?.leftOut ?? NO_PARAMETER,
    forced: findings.gains[mechanism]?.forced ?? NO_PARAMETER,
    published: publishedGains(reference, findings).filter((gain) => gain.mechanism === mechanism),
  }));
  const pays = payingRanges(sizes);
  const from = sized.find(({ findings }) => findings.best !== null)?.findings.best?.provenance.from ?? null;
  const breakEven = breakEvenSize(sizes, pays);
  const asked = { kernel, dtype, target, mechanism, seed, strategy, restrictedTo };
  const intervalsOf = sized.map(({ findings }) => intervalSourceOf(findings.environment));
  const source = intervalsOf.find((each) => each !== null) ?? null;
  return { schemaVersion: 1, ...asked, from, intervalFrom: source, sizes, pays, breakEven };
}

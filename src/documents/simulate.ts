import { z } from 'zod';
import type { ExplainedCall } from '../answers/simulation.ts';
import {
  configurationSchema,
  gainFigure,
  interval,
  intervalFrom,
  orUnknown,
  subjectShape,
  timeUs,
} from './parts.ts';
import { whatIfBestPart } from './what-if.ts';

const part = z.number().nonnegative();
const breakdown = z
  .strictObject({
    compute: part,
    memory: part.describe('Core copies, and stalls on operands used where they lie.'),
    dma: part.describe('Waiting for a transfer.'),
    waiting: part.describe('Waiting for other threads at a barrier, or for the matrix unit.'),
    forkJoin: part.describe('Entering the kernel, waking and joining threads.'),
    allocation: part.describe('Allocating arrays of the matrix unit in the scratchpad.'),
    idle: part.describe('Done, while others still work.'),
  })
  .readonly()
  .describe('Microseconds; the parts add up to the time.');

/** `simulate --format json`. */
export const simulateDocumentSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    ...subjectShape,
    configuration: configurationSchema,
    timeUs,
    interval: orUnknown(interval).describe('The range of the time over the parameter sets of the target.'),
    intervalFrom,
    breakdown: breakdown.describe('Mean over the contexts in use.'),
    contexts: z.array(breakdown).readonly(),
    scratchpadBytes: z.int().nonnegative(),
    whatIf: z
      .strictObject({
        changes: z.array(z.string()).readonly(),
        unchangedUs: orUnknown(timeUs).describe('The time of the same configuration without the changes.'),
        gain: gainFigure.describe('Time without the changes over time with them.'),
        best: whatIfBestPart
          .nullable()
          .describe('How the best configuration changes; null unless one figure of the target changes.'),
      })
      .readonly()
      .nullable(),
  })
  .readonly()
  .meta({ title: 'What nightshift simulate prints' });

export type SimulateDocument = z.infer<typeof simulateDocumentSchema>;

export function simulateDocument(call: ExplainedCall): SimulateDocument {
  return { schemaVersion: 1, ...call };
}

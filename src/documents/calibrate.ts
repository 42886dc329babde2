import { z } from 'zod';
import type { CalibrationAnswer } from '../answers/calibration/calibrate.ts';
import type { LeftOut } from '../importers/left-out.ts';
import { TIME_TERMS } from '../targets/npu/fit/blame.ts';
import { LOG_VERDICTS } from '../targets/npu/fit/verdicts.ts';
import { configurationSchema, leftOutList, orUnknown, timeUs } from './parts.ts';

const error = z.number().nonnegative();

/** `calibrate --format json`. */
export const calibrateDocumentSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    target: z.string(),
    timings: z
      .int()
      .positive()
      .describe('Calls of the log; the times of one call count once, by their median.'),
    errorBefore: error.describe(
      'Root mean square of the logarithms of simulated over measured times, with the figures of the target’s file.',
    ),
    error: error.describe('The same with the fitted figures, of the calls that were fitted.'),
    errorOfOthers: error.nullable().describe('Of the calls that were not fitted, where the log has many.'),
    scale: orUnknown(z.number().nonnegative()).describe(
      'By how much the model misses the log more than the clock explains, with four more times that are off by 1.5 uncertainties; intervals are wider by as much.',
    ),
    descents: z
      .int()
      .nonnegative()
      .describe(
        'How many searches from different places explain the log; with fewer than three, nothing is said to be fixed.',
      ),
    searches: z.int().nonnegative().describe('How many there were.'),
    figures: z
      .array(
        z
          .strictObject({
            figure: z.string(),
            verdict: z
              .enum(LOG_VERDICTS)
              .describe(
                'fixed: known to 5 %; narrowed: at most half of the stated range; open: hardly; unseen: no time shows it.',
              ),
            value: z.number(),
            low: z.number(),
            high: z.number(),
            stated: z.tuple([z.number(), z.number()]).readonly().describe('The range in the target’s file.'),
            atBound: z
              .number()
              .nullable()
              .describe('The bound of the stated range at which the value ends, unless it is open.'),
            alike: z
              .string()
              .nullable()
              .describe('Where it is not fixed: the figure with which the times change as with this one.'),
          })
          .readonly(),
      )
      .readonly(),
    blame: orUnknown(
      z
        .strictObject({
          term: z.enum(TIME_TERMS),
          factor: z.number().positive().describe('By which the term would have to be longer.'),
          explains: z.number().describe('The share of the squared misfit that this would take away.'),
        })
        .readonly(),
    ).describe('The term of the time that is most likely wrong.'),
    beyond: z
      .strictObject({
        figure: z.string(),
        bound: z.number(),
        value: z
          .number()
          .describe('A value beyond the bound that was tried, all other figures as they are fitted.'),
        term: z.enum(TIME_TERMS),
        explains: z.number().describe('The share of the squared misfit that this takes away.'),
      })
      .readonly()
      .nullable()
      .describe('A figure whose range in the target’s file is likely too narrow.'),
    contradictions: z
      .array(
        z
          .strictObject({
            kernel: z.string(),
            shape: z.string(),
            places: z.tuple([z.string(), z.string()]).readonly(),
            factor: z.number().positive(),
          })
          .readonly(),
      )
      .readonly()
      .describe('Calls of which two timings differ by a factor of 1.5 or more, the worst first.'),
    calls: z
      .array(
        z
          .strictObject({
            place: z.string(),
            kernel: z.string(),
            shape: z.string(),
            dtype: z.string(),
            configuration: configurationSchema,
            samples: z.int().positive(),
            measuredUs: timeUs,
            beforeUs: timeUs.describe('Simulated with the figures of the target’s file, microseconds.'),
            simulatedUs: timeUs.describe('Simulated with the fitted figures, microseconds.'),
            fitted: z.boolean(),
          })
          .readonly(),
      )
      .readonly()
      .describe('The worst misfit first.'),
    sets: z
      .array(z.record(z.string(), z.number()).readonly())
      .readonly()
      .describe('Figures that explain the log about as well; the first are the fitted ones.'),
    studies: z.array(z.string()).readonly().describe('The studies of the device that have the log’s times.'),
    leftOut: leftOutList,
    notes: z.array(z.string()).readonly(),
  })
  .readonly()
  .meta({ title: 'What nightshift calibrate prints' });

export type CalibrateDocument = z.infer<typeof calibrateDocumentSchema>;

export function calibrateDocument(
  answer: CalibrationAnswer,
  studies: readonly string[],
  leftOut: readonly LeftOut[],
  notes: readonly string[],
): CalibrateDocument {
  return { schemaVersion: 1, ...answer, studies, leftOut, notes };
}

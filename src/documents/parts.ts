import { z } from 'zod';
import { MECHANISMS } from '../../search-space/parameter.ts';
import { TARGET_KINDS } from '../../store/target-kinds.ts';
import { INVALID_REASONS } from '../../store/trial.ts';
import { UNKNOWN_REASONS } from '../../tuner/attribution/gain.ts';
import { INTERVAL_SOURCES } from '../targets/npu/machine/parameter-sets.ts';

/** Parts that several documents share. Times are in microseconds. */
export const configurationSchema = z
  .record(z.string(), z.union([z.number(), z.string(), z.boolean()]))
  .readonly()
  .describe('A value for each parameter.');

export const metrics = z
  .record(z.string(), z.number().nonnegative())
  .readonly()
  .describe(
    'What was measured besides the time, by name. Of a trial over a limit also its `time`, microseconds.',
  );

export const timeUs = z.number().positive().describe('Microseconds.');

export const interval = z.strictObject({ low: timeUs, high: timeUs }).readonly();
export const intervalFrom = z
  .enum(INTERVAL_SOURCES)
  .nullable()
  .describe(
    'Of a simulated interval: from a calibration, or from the ranges that the target’s file states for its figures.',
  );

const range = z.strictObject({ low: z.number(), high: z.number() }).readonly();

export const gain = z
  .strictObject({
    value: z.number(),
    low: z.number().nullable(),
    high: z.number().nullable(),
    parts: z
      .strictObject({
        clock: range.exactOptional().describe('The noise of the times.'),
        machine: range.exactOptional().describe('What is not known of a simulated machine.'),
        search: range
          .exactOptional()
          .describe('What the search of either side may have missed, where the sides were searched.'),
      })
      .readonly()
      .exactOptional()
      .describe('What low and high are made of.'),
    causes: z
      .strictObject({
        factors: z
          .strictObject({
            issue: z.number().positive().describe('Packets that issue.'),
            stalls: z
              .number()
              .positive()
              .describe('Waits for results, calls, and stalls of scalar accesses to memory.'),
            rest: z.number().positive().describe('Moving data, starting and waiting for threads.'),
          })
          .readonly()
          .exactOptional()
          .describe('Of vector code. The product is the value; see docs/fidelity.md.'),
        caution: z
          .string()
          .exactOptional()
          .describe('Where most of the gain rests on figures of the target that are priors.'),
      })
      .readonly()
      .exactOptional()
      .describe('What a simulated gain consists of.'),
  })
  .readonly()
  .describe(
    'A ratio of times with its interval; low and high are null where there can be none: of exact times with one parameter set, and of times that another tool or a harness measured.',
  );

const unknownFigure = z
  .strictObject({
    unknown: z.enum(UNKNOWN_REASONS),
    why: z.string().describe('In words: "12 trials without it, 0 with it".'),
  })
  .readonly()
  .describe('What nobody looked at, or not enough.');

/** A figure, or why it is not known: the one form of an unknown figure in every document. */
export function orUnknown<T extends z.ZodType>(known: T) {
  return z.union([known, unknownFigure]);
}

/** A gain, or why it is not known. */
export const gainFigure = orUnknown(gain).describe('A gain, or why it is unknown.');

export const verified = z
  .strictObject({
    by: z.number().nonnegative().describe('0.02: shown to be faster than the default by more than 2 %.'),
    timings: z.int().positive().describe('Timings anew, which are no part of the search.'),
    falseClaims: z
      .number()
      .nullable()
      .describe('The most of such claims that are false; null for exact times.'),
  })
  .readonly()
  .describe('Present where `verify` has shown that it is faster than the default of its study.');

export const provenance = z
  .strictObject({
    how: z.literal('observed'),
    from: z.enum(TARGET_KINDS),
  })
  .readonly()
  .describe('How the time is known, and from what kind of target.');

export const timedConfiguration = z
  .strictObject({ configuration: configurationSchema, timeUs, provenance })
  .readonly();

export const rung = z
  .strictObject({
    rung: z
      .string()
      .describe(
        'Permitted mechanisms: scalar, vec, vec+mt, vec+mt+db; a mechanism that cannot be off is on all rungs.',
      ),
    configuration: configurationSchema.nullable().describe('Null if no trial shows this rung.'),
    timeUs: orUnknown(timeUs),
    gainOverPrevious: gainFigure.describe('Not applicable on the first rung, like gainOverScalar.'),
    gainOverScalar: gainFigure.describe('Over the first rung.'),
  })
  .readonly();

const mechanismGains = z
  .strictObject({
    alone: gainFigure.describe('T(∅) / T({m})'),
    leftOut: gainFigure.describe('T(all∖m) / T(all)'),
    forced: gainFigure.describe('m strictly on, all else re-tuned, against m off; below 1 it does not pay.'),
    shapleyShare: gainFigure.describe('Share of the log speed-up over the eight subsets.'),
    parts: z
      .strictObject({ service: gainFigure, itself: gainFigure })
      .readonly()
      .exactOptional()
      .describe('The gain in two factors: the transfers that serve the mechanism, and the mechanism itself.'),
    unserved: gainFigure
      .exactOptional()
      .describe('The step of the ladder to it without what serves the next mechanism: of mt without DMA.'),
    apart: z
      .array(
        z
          .strictObject({
            parameter: z.string(),
            label: z.string().describe('The parameter’s effect, in words.'),
            without: gainFigure.describe('The mechanism without it: T(all∖m) / T(all, it off).'),
            onTop: gainFigure.describe('It on top: T(all, it off) / T(all).'),
          })
          .readonly(),
      )
      .readonly()
      .exactOptional()
      .describe(
        'The left-out gain in two factors, for each parameter of the mechanism that is reported separately.',
      ),
    rivals: z
      .array(
        z
          .strictObject({
            label: z.string().describe('What the mechanism is compared with, in words.'),
            gain: gainFigure.describe('T(rival) / T(m strictly on); below 1 the rival is better.'),
          })
          .readonly(),
      )
      .readonly()
      .exactOptional()
      .describe('Gains against other uses of the mechanism’s resources; absent if the space has none.'),
  })
  .readonly();

export const gains = z
  .strictObject({
    vec: mechanismGains.exactOptional(),
    mt: mechanismGains.exactOptional(),
    db: mechanismGains.exactOptional(),
  })
  .readonly();

export const trials = z
  .strictObject({
    timed: z.int().nonnegative(),
    invalid: z.record(z.enum(INVALID_REASONS), z.int().nonnegative()).readonly().describe('By reason.'),
    bySubset: z
      .record(z.string(), z.int().nonnegative())
      .readonly()
      .describe('Settled trials by the subspace that they were proposed for.'),
  })
  .readonly();

export const restrictedTo = z
  .string()
  .describe(
    'What --fix, --values and --forbid left of the space: "threads=4 not(tile > 512)"; empty for all of it.',
  );

export const objective = z
  .string()
  .describe('What is sought, where it is not the shortest time alone: "time,energyJ where bytes<=4096".');

/** A kernel at a shape and dtype, on a target. */
export const subjectShape = { kernel: z.string(), shape: z.string(), dtype: z.string(), target: z.string() };

export const study = z
  .strictObject({
    id: z.string(),
    ...subjectShape,
    seed: z.int(),
    strategy: z.string(),
    objective: objective.exactOptional(),
    restrictedTo,
  })
  .readonly();

export type StudyReference = z.infer<typeof study>;

/** Published gains for a study's kernel, shape and device, each beside the study's own. */
export const publishedList = z
  .array(
    z
      .strictObject({
        mechanism: z.enum(MECHANISMS),
        value: z.number().positive(),
        source: z.string(),
        caveat: z.string().nullable().describe('What the publication leaves open, or has in another way.'),
        here: gainFigure.describe('The study’s own gain for the same.'),
      })
      .readonly(),
  )
  .readonly();

/** What of a file could not be taken, by reason. */
export const leftOutList = z
  .array(
    z
      .strictObject({
        what: z.enum(['results', 'samples']),
        reason: z.string(),
        count: z.int().positive(),
        first: z.string().describe('Place in the file, and what is there.'),
      })
      .readonly(),
  )
  .readonly();

/** The end of a document on two configurations that were timed side by side. */
export const sideBySide = {
  sentence: z.string(),
  notes: z.array(z.string()).readonly(),
  environment: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
    .readonly()
    .describe('What the backend says of the surroundings.'),
};

/** The share of redrawn rounds of a final comparison that would name the same configuration. */
export const sure = z
  .number()
  .min(0)
  .max(1)
  .nullable()
  .describe(
    'How often other rounds of the final comparison would name the same configuration as best: 0.97 of all draws; null where times are exact or too few, or the comparison ended before all that are simpler and may be as fast were timed.',
  );

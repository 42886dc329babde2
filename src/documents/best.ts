import { z } from 'zod';
import { TARGET_KINDS } from '../../store/target-kinds.ts';
import { isKnown, unknown } from '../../tuner/attribution/gain.ts';
import type { Provenance } from '../../tuner/backend.ts';
import type { BestAnswer } from '../answers/best/answer.ts';
import { frontSchema } from '../answers/best/known-front.ts';
import type { RobustChoice } from '../answers/best/robust.ts';
import { formatCount } from '../text/number-text.ts';
import {
  configurationSchema,
  gainFigure,
  interval,
  intervalFrom,
  metrics,
  objective,
  orUnknown,
  sure,
  timeUs,
  verified,
} from './parts.ts';

const from = z.enum(TARGET_KINDS);

const question = {
  kernel: z.string(),
  shape: z.string().describe('The shape that was asked for.'),
  dtype: z.string(),
  target: z.string(),
};

const provenance = z
  .strictObject({
    how: z
      .enum(['observed', 'simulated now', 'nearest shape', 'predicted', 'default'])
      .describe(
        'observed at this shape, found by simulation when asked, observed at the nearest shape, predicted by a model or from other shapes, or the compiler’s default.',
      ),
    from: from.describe('The kind of target that it comes from.'),
    shape: z.string().exactOptional().describe('The nearest shape that was observed.'),
    distance: z
      .number()
      .positive()
      .exactOptional()
      .describe('To the nearest shape: doublings of extents, added up.'),
    verified: verified.exactOptional(),
  })
  .readonly()
  .describe('How the answer is known, and from what kind of target.');

const answerShape = {
  ...question,
  configuration: configurationSchema,
  timeUs: orUnknown(timeUs).describe('At the asked shape; unknown if it was neither timed nor predicted.'),
  interval: orUnknown(interval).describe(
    'Of timeUs: 95 % where it was observed, 90 % where it is predicted.',
  ),
  intervalFrom,
  gainOverDefault: gainFigure.describe(
    'Without an interval where both were only timed as trials; not applicable where it is the default itself.',
  ),
  provenance,
  same: z
    .array(configurationSchema)
    .readonly()
    .exactOptional()
    .describe('What is as fast, within 1 % as far as was measured: the simplest first.'),
  sure: sure.exactOptional(),
  basis: z
    .enum(['comparison', 'trial'])
    .nullable()
    .describe(
      'comparison: recommended by a final comparison; trial: the fastest trial so far, not compared yet; null: not observed.',
    ),
  objective: objective.exactOptional(),
  metrics: metrics.exactOptional(),
  front: frontSchema.exactOptional().describe('All Pareto optima of the study that observed it.'),
  study: z.string().nullable().describe('The study that observed it, here or at the nearest shape.'),
  measuredAt: z.string().nullable().describe('ISO 8601, UTC.'),
  toolVersion: z.string().nullable().describe('The version of nightshift that measured it.'),
  notes: z.array(z.string()).readonly().describe('What to know before using it.'),
};

/** `best --format json`. */
export const bestDocumentSchema = z
  .strictObject({ schemaVersion: z.literal(1), ...answerShape })
  .readonly()
  .meta({ title: 'What nightshift best prints' });

export type BestDocument = z.infer<typeof bestDocumentSchema>;

/** `best --shapes a,b,c --format json`. */
export const bestsDocumentSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    answers: z.array(z.strictObject(answerShape).readonly()).readonly(),
  })
  .readonly()
  .meta({ title: 'What nightshift best --shapes prints' });

/** `best --shapes a,b,c --robust --format json`. */
export const robustDocumentSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    kernel: question.kernel,
    dtype: question.dtype,
    target: question.target,
    from,
    configuration: configurationSchema,
    worstRegret: orUnknown(z.number()).describe(
      'Time over the best known time, at the shape where it is worst.',
    ),
    shapes: z
      .array(z.strictObject({ shape: z.string(), timeUs, regret: orUnknown(z.number()) }).readonly())
      .readonly(),
    considered: z.int().describe('Configurations with a time at every shape.'),
  })
  .readonly()
  .meta({ title: 'What nightshift best --robust prints' });

export type RobustDocument = z.infer<typeof robustDocumentSchema>;

/** The question as text: kernel, shape, dtype and target. */
export type Asked = Readonly<{ kernel: string; shape: string; dtype: string; target: string }>;

export function bestDocument(asked: Asked, answer: BestAnswer): BestDocument {
  return { schemaVersion: 1, ...answerPart(asked, answer) };
}

export function bestsDocument(
  answers: readonly Readonly<{ asked: Asked; answer: BestAnswer }>[],
): z.infer<typeof bestsDocumentSchema> {
  return { schemaVersion: 1, answers: answers.map(({ asked, answer }) => answerPart(asked, answer)) };
}

export function robustDocument(
  { kernel, dtype, target }: Asked,
  from: Provenance,
  { configuration, worst, regrets, considered }: RobustChoice,
): RobustDocument {
  return {
    schemaVersion: 1,
    kernel,
    dtype,
    target,
    from,
    configuration,
    worstRegret: worst,
    shapes: regrets,
    considered,
  };
}

type AnswerPart = Omit<BestDocument, 'schemaVersion'>;

function answerPart({ kernel, shape, dtype, target }: Asked, answer: BestAnswer): AnswerPart {
  const { how, from, configuration } = answer;
  return {
    kernel: answer.how === 'observed' ? answer.known.kernel.name : kernel,
    shape,
    dtype,
    target,
    configuration,
    ...timeOf(answer),
    provenance: {
      how,
      from,
      ...(answer.how === 'nearest shape' && {
        shape: answer.known.kernel.shape,
        distance: answer.distance,
      }),
      ...(answer.how === 'observed' && answer.verified && { verified: answer.verified }),
    },
    ...originOf(answer),
    ...(answer.how === 'observed' && answer.choice),
    ...(answer.how === 'observed' && answer.objective !== undefined && { objective: answer.objective }),
    ...(answer.how === 'observed' && answer.metrics && { metrics: answer.metrics }),
    ...(answer.how === 'observed' && answer.front && { front: answer.front }),
    notes: notesOf(answer),
  };
}

const NOT_TIMED = unknown('not tried', 'it was not timed at this shape');
const NOT_PREDICTED = unknown('not tried', 'the default was not predicted');

function timeOf(
  answer: BestAnswer,
): Pick<AnswerPart, 'timeUs' | 'interval' | 'intervalFrom' | 'gainOverDefault'> {
  if (answer.how === 'observed') {
    const { known, interval, intervalFrom, gainOverDefault } = answer;
    return { timeUs: known.timeUs, interval, intervalFrom, gainOverDefault };
  }
  if (answer.how === 'simulated now') {
    const { timeUs, interval, intervalFrom, gainOverDefault } = answer.simulated;
    return { timeUs, interval, intervalFrom, gainOverDefault };
  }
  if (answer.how === 'predicted' && !answer.isFar) {
    const { timeUs, interval } = answer.predicted;
    return { timeUs, interval, intervalFrom: null, gainOverDefault: NOT_PREDICTED };
  }
  if (answer.how === 'nearest shape') {
    const { expected } = answer;
    if (!isKnown(expected))
      return { timeUs: expected, interval: expected, intervalFrom: null, gainOverDefault: NOT_TIMED };
    return {
      timeUs: expected.timeUs,
      interval: expected.interval,
      intervalFrom: null,
      gainOverDefault: NOT_TIMED,
    };
  }
  return { timeUs: NOT_TIMED, interval: NOT_TIMED, intervalFrom: null, gainOverDefault: NOT_TIMED };
}

function originOf(answer: BestAnswer): Pick<AnswerPart, 'basis' | 'study' | 'measuredAt' | 'toolVersion'> {
  if (!('known' in answer)) return { basis: null, study: null, measuredAt: null, toolVersion: null };
  const { basis, studyId, measuredAt, toolVersion } = answer.known;
  return { basis, study: studyId, measuredAt: new Date(measuredAt).toISOString(), toolVersion };
}

function notesOf(answer: BestAnswer): readonly string[] {
  switch (answer.how) {
    case 'observed':
      return [
        ...(answer.known.basis === 'trial' ? ['the fastest trial so far, not compared yet'] : []),
        ...(answer.restrictedTo === '' ? [] : [`only ${answer.restrictedTo} was searched`]),
      ];
    case 'nearest shape':
      return [
        ...(answer.isFar
          ? [
              `far: ${answer.distance.toFixed(2)} doublings from the nearest tuned shape; at this distance it may be much slower than the best`,
            ]
          : []),
        ...(isKnown(answer.expected)
          ? [`its time is predicted from ${answer.expected.shapes} shapes of this kernel; not timed`]
          : []),
        ...(answer.changed.length === 0 ? [] : [`adapted to this shape: ${answer.changed.join(', ')}`]),
        ...(answer.restrictedTo === '' ? [] : [`only ${answer.restrictedTo} was searched there`]),
      ];
    case 'simulated now':
      return [
        `${answer.why}: this is the best of ${formatCount(answer.simulated.computed)} configurations that were simulated now`,
      ];
    case 'predicted':
      return [`predicted by model ${answer.predicted.model}; not timed`, answer.why];
    case 'default':
      return [answer.why];
  }
}

import { z } from 'zod';
import { TARGET_KINDS } from '../../store/records.ts';
import type { Provenance } from '../../tuner/backend.ts';
import type { Answer } from '../answers/best/answer.ts';
import type { RobustChoice } from '../answers/best/robust.ts';
import { configuration, gain, timeUs } from './parts.ts';

const from = z.enum(TARGET_KINDS);
const interval = z.strictObject({ low: timeUs, high: timeUs }).readonly();

const question = {
  kernel: z.string(),
  shape: z.string().describe('The shape that was asked for.'),
  dtype: z.string(),
  target: z.string(),
};

const provenance = z
  .strictObject({
    how: z
      .enum(['observed', 'nearest shape', 'predicted', 'default'])
      .describe('observed at this shape, at the nearest one, predicted by a model, or the compiler’s own.'),
    from: from.describe('What kind of machine it stands on.'),
    shape: z.string().exactOptional().describe('The nearest shape that was observed.'),
    distance: z
      .number()
      .positive()
      .exactOptional()
      .describe('Of the nearest shape: doublings of extents, added up.'),
  })
  .readonly()
  .describe('How the answer is known, and from what kind of machine.');

const answerShape = {
  ...question,
  configuration,
  timeUs: timeUs.nullable().describe('At the asked shape; null where nobody timed or predicted it.'),
  interval: interval.nullable().describe('Of timeUs; null where nothing tells one.'),
  gainOverDefault: gain.nullable().describe('Null where it was not compared with the default.'),
  provenance,
  basis: z
    .enum(['comparison', 'trial'])
    .nullable()
    .describe(
      'comparison: recommended by a final comparison; trial: the fastest trial so far, perhaps luck; null: not observed.',
    ),
  study: z.string().nullable().describe('The study that observed it, here or at the nearest shape.'),
  measuredAt: z.string().nullable().describe('ISO 8601, UTC.'),
  toolVersion: z.string().nullable().describe('Of the nightshift that measured it.'),
  notes: z.array(z.string()).readonly().describe('What a reader should know before using it.'),
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
    configuration,
    worstRegret: z.number().describe('Time over the best known time, at the shape where it is worst.'),
    shapes: z.array(z.strictObject({ shape: z.string(), timeUs, regret: z.number() }).readonly()).readonly(),
    considered: z.int().describe('Configurations with a time at every shape.'),
  })
  .readonly()
  .meta({ title: 'What nightshift best --robust prints' });

export type RobustDocument = z.infer<typeof robustDocumentSchema>;

/** What was asked, in words. */
export type Asked = Readonly<{ kernel: string; shape: string; dtype: string; target: string }>;

export function bestDocument(asked: Asked, answer: Answer): BestDocument {
  return { schemaVersion: 1, ...answerPart(asked, answer) };
}

export function bestsDocument(
  answers: readonly Readonly<{ asked: Asked; answer: Answer }>[],
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

function answerPart({ kernel, shape, dtype, target }: Asked, answer: Answer): AnswerPart {
  const { how, from, configuration } = answer;
  return {
    kernel,
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
    },
    ...originOf(answer),
    notes: notesOf(answer),
  };
}

function timeOf(answer: Answer): Pick<AnswerPart, 'timeUs' | 'interval' | 'gainOverDefault'> {
  if (answer.how === 'observed') {
    const { known, interval, gainOverDefault } = answer;
    return { timeUs: known.timeUs, interval, gainOverDefault };
  }
  if (answer.how === 'predicted') {
    const { timeUs, interval } = answer.predicted;
    return { timeUs, interval, gainOverDefault: null };
  }
  return { timeUs: null, interval: null, gainOverDefault: null };
}

function originOf(answer: Answer): Pick<AnswerPart, 'basis' | 'study' | 'measuredAt' | 'toolVersion'> {
  if (!('known' in answer)) return { basis: null, study: null, measuredAt: null, toolVersion: null };
  const { basis, studyId, measuredAt, toolVersion } = answer.known;
  return { basis, study: studyId, measuredAt: new Date(measuredAt).toISOString(), toolVersion };
}

function notesOf(answer: Answer): readonly string[] {
  switch (answer.how) {
    case 'observed':
      return answer.known.basis === 'trial' ? ['the fastest trial so far, not compared yet'] : [];
    case 'nearest shape':
      return answer.changed.length === 0 ? [] : [`adapted to this shape: ${answer.changed.join(', ')}`];
    case 'predicted':
      return [`predicted by model ${answer.predicted.model}; nobody timed it`];
    case 'default':
      return [answer.why];
  }
}

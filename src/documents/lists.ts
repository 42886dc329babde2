import { z } from 'zod';
import { restrictionText } from '../../search-space/restriction-text.ts';
import { STUDY_STATES } from '../../store/records.ts';
import type { StudySummary } from '../../store/study-store.ts';
import { TARGET_KINDS } from '../../store/target-kinds.ts';
import { INVALID_REASONS } from '../../store/trial.ts';
import { isKnown } from '../../tuner/attribution/gain.ts';
import { TIME } from '../../tuner/objectives/metrics.ts';
import { bestFigure, comparedUs } from '../answers/study-best.ts';
import { ORIGINS } from '../targets/npu/machine/origins.ts';
import type { StudyOutcomeInList } from './outcome-in-list.ts';
import {
  configurationSchema,
  gainFigure,
  intervalFrom,
  metrics,
  objective,
  orUnknown,
  timeUs,
} from './parts.ts';

const count = z.int().nonnegative();

/** The document of a listing command with `--format json`: its rows under its name. */
function list<Name extends string, Row extends z.ZodType>(name: Name, row: Row) {
  return z
    .strictObject({ schemaVersion: z.literal(1), [name]: z.array(row) })
    .meta({ title: `What nightshift ${name} prints` });
}

export const kernelsDocumentSchema = list(
  'kernels',
  z.strictObject({
    name: z.string(),
    shape: z.string().describe('The default shape.'),
    shapeWords: z
      .string()
      .nullable()
      .describe('What the numbers of its shape mean; null for an imported kernel.'),
    dtypes: z.array(z.string()),
    summary: z.string(),
    source: z.string().describe('library, or the file it came from.'),
  }),
);

export const figuresDocumentSchema = list(
  'figures',
  z.strictObject({
    figure: z.string().describe('Its dotted path into the target’s file.'),
    value: z.union([z.number(), z.string()]),
    low: z.number().nullable().describe('The least that it may be; null where the file states no range.'),
    high: z.number().nullable(),
    origin: z
      .enum(ORIGINS)
      .describe('measured: published, or read in a manual; fitted to published times; prior: a judgement.'),
    source: z.string(),
  }),
);

export const targetsDocumentSchema = list(
  'targets',
  z.strictObject({
    name: z.string(),
    kind: z.enum(TARGET_KINDS),
    description: z.string(),
    contexts: count
      .nullable()
      .describe('Null, like the figures below, where it is known only when it is tuned on.'),
    vectorBytes: count.nullable(),
    scratchpadBytes: count.nullable(),
    clockGHz: z.number().nullable(),
    intervalsFrom: intervalFrom,
  }),
);

/** A study in lists. */
export const studyEntry = z.strictObject({
  id: z.string(),
  kernel: z.string().describe('The kernel’s title, which is unique: gelu, or gelu (imported a1b2).'),
  kernelHash: z.string().describe('The identity of the kernel at this shape.'),
  shape: z.string(),
  dtype: z.string(),
  target: z
    .string()
    .describe(
      'The target’s title: its name; npu (earlier 3f2e) for an earlier fingerprint, board (setup 3f2e) for the same device measured in another way.',
    ),
  fingerprint: z.string().describe('The identity of the target.'),
  from: z.enum(TARGET_KINDS),
  strategy: z.string(),
  seed: z.int(),
  objective: objective.exactOptional(),
  restrictedTo: z
    .string()
    .describe('What --fix, --values and --forbid left of the space: "threads=4"; empty for all of it.'),
  state: z.enum(STUDY_STATES),
  stoppedBy: z
    .string()
    .nullable()
    .describe('What ended the last visit; null before the first and during a visit.'),
  trials: count.describe('Settled.'),
  timed: count,
  fastestUs: timeUs
    .nullable()
    .describe('The fastest trial of the search, one sample of each; null before one has a time.'),
  comparedUs: timeUs
    .nullable()
    .describe('The configuration to use, as the final comparison timed it; null before one.'),
  best: orUnknown(
    z
      .strictObject({
        configuration: configurationSchema,
        basis: z
          .enum(['comparison', 'trial'])
          .describe('comparison: recommended by it, at comparedUs; trial: the fastest so far, at fastestUs.'),
      })
      .readonly(),
  ),
});

export function studyEntryOf(summary: StudySummary): z.infer<typeof studyEntry> {
  const { study, kernel, target, settled, timed, lastVisit } = summary;
  const best = bestFigure(summary);
  return {
    id: study.id,
    kernel: kernel.name,
    kernelHash: kernel.hash,
    shape: kernel.shape,
    dtype: kernel.dtype,
    target: target.name,
    fingerprint: target.fingerprint,
    from: target.kind,
    strategy: study.strategy,
    seed: study.seed,
    ...(study.objective !== TIME && { objective: study.objective }),
    restrictedTo: restrictionText(study.space),
    state: study.state,
    stoppedBy: lastVisit?.state === 'ended' ? lastVisit.stoppedBy : null,
    trials: settled,
    timed,
    fastestUs: summary.fastestUs,
    comparedUs: comparedUs(summary),
    best: isKnown(best) ? { configuration: best.configuration, basis: best.basis } : best,
  };
}

/** What `nightshift studies` tells of a study beyond its entry. */
const studyRow = studyEntry.extend({
  gainOverDefault: gainFigure,
  changedAt: z
    .string()
    .describe('When its last visit ended, or else began, or else it was opened: ISO 8601, UTC.'),
  failure: z.string().exactOptional().describe('Of a study that failed: what most of its trials said.'),
});

export function studyRowOf(
  summary: StudySummary,
  { gain, failure }: StudyOutcomeInList,
): z.infer<typeof studyRow> {
  return {
    ...studyEntryOf(summary),
    gainOverDefault: gain,
    changedAt: new Date(changedAt(summary)).toISOString(),
    ...(failure !== undefined && { failure }),
  };
}

/** When a study was worked on last, milliseconds since 1970, as far as its last visit tells. */
export function changedAt({ study, lastVisit }: Pick<StudySummary, 'study' | 'lastVisit'>): number {
  if (lastVisit === undefined) return study.createdAt;
  return lastVisit.state === 'ended' ? lastVisit.endedAt : lastVisit.startedAt;
}

export const studiesDocumentSchema = list('studies', studyRow);

export const trialsDocumentSchema = list(
  'trials',
  z.strictObject({
    study: z.string(),
    number: count
      .exactOptional()
      .describe('Absent for running and abandoned trials, and for configurations timed by a comparison.'),
    state: z.enum(['timed', 'invalid', 'running', 'abandoned']),
    configuration: configurationSchema,
    subset: z
      .string()
      .describe('The subspace it was proposed for: the permitted mechanisms, or a forced one.'),
    origin: z
      .string()
      .describe(
        'The move that proposed it: default, start, random, neighbour …; comparison: timed by one, trial or not.',
      ),
    at: z.string().describe('When it was settled, begun or compared: ISO 8601, UTC.'),
    timeUs: timeUs.exactOptional(),
    samplesUs: z.array(z.number()).exactOptional().describe('The samples behind timeUs, microseconds.'),
    reason: z.enum(INVALID_REASONS).exactOptional(),
    message: z.string().exactOptional(),
    metrics: metrics.exactOptional(),
  }),
);

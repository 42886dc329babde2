import { z } from 'zod';
import { STUDY_STATES, TARGET_KINDS } from '../../store/records.ts';
import type { StudySummary } from '../../store/study-store.ts';
import { INVALID_REASONS } from '../../store/trial.ts';
import { configuration, timeUs } from './parts.ts';

const count = z.int().nonnegative();

/** What a listing command prints with `--format json`: rows under its own name. */
function list<Name extends string, Row extends z.ZodType>(name: Name, row: Row) {
  return z
    .strictObject({ schemaVersion: z.literal(1), [name]: z.array(row) })
    .meta({ title: `What nightshift ${name} prints` });
}

export const kernelsDocumentSchema = list(
  'kernels',
  z.strictObject({
    name: z.string(),
    shape: z.string().describe('The one it is tuned at where no other is asked for.'),
    shapeWords: z.string().nullable().describe('What its shapes mean; null for a kernel that came with one.'),
    dtypes: z.array(z.string()),
    summary: z.string(),
    source: z.string().describe('library, or the file it came from.'),
  }),
);

export const targetsDocumentSchema = list(
  'targets',
  z.strictObject({
    name: z.string(),
    kind: z.enum(TARGET_KINDS),
    description: z.string(),
    contexts: count,
    vectorBytes: count,
    scratchpadBytes: count,
    clockGHz: z.number(),
    calibrated: z.boolean().describe('Whether gains on it have an interval.'),
  }),
);

/** A study as every listing tells it. */
export const studyEntry = z.strictObject({
  id: z.string(),
  kernel: z.string(),
  shape: z.string(),
  dtype: z.string(),
  target: z.string(),
  from: z.enum(TARGET_KINDS),
  strategy: z.string(),
  seed: z.int(),
  state: z.enum(STUDY_STATES),
  stoppedBy: z
    .string()
    .nullable()
    .describe('What ended the last visit; null where none was made, and while one is going on.'),
  trials: count.describe('Settled.'),
  timed: count,
  best: z.strictObject({ configuration, timeUs }).nullable(),
});

export function studyEntryOf(summary: StudySummary): z.infer<typeof studyEntry> {
  const { study, kernel, target, settled, timed, best, lastVisit } = summary;
  return {
    id: study.id,
    kernel: kernel.name,
    shape: kernel.shape,
    dtype: kernel.dtype,
    target: target.name,
    from: target.kind,
    strategy: study.strategy,
    seed: study.seed,
    state: study.state,
    stoppedBy: lastVisit?.state === 'ended' ? lastVisit.stoppedBy : null,
    trials: settled,
    timed,
    best: best === undefined ? null : { configuration: best.configuration, timeUs: best.timeUs },
  };
}

export const studiesDocumentSchema = list('studies', studyEntry);

export const trialsDocumentSchema = list(
  'trials',
  z.strictObject({
    study: z.string(),
    number: count.exactOptional().describe('Absent while it is running, and where it was abandoned.'),
    state: z.enum(['timed', 'invalid', 'running', 'abandoned']),
    configuration,
    subset: z.string().describe('On whose behalf it was proposed: mechanisms permitted, or a forced one.'),
    origin: z.string().describe('The move that proposed it: default, start, random, neighbour …'),
    timeUs: timeUs.exactOptional(),
    reason: z.enum(INVALID_REASONS).exactOptional(),
    message: z.string().exactOptional(),
  }),
);

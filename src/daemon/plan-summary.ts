import { z } from 'zod';
import type { CatalogStore } from '../../store/catalog-store.ts';
import type { FindingStore } from '../../store/finding-store.ts';
import type { ImportedKernel, PlannedStudy, PlanRecord } from '../../store/records.ts';
import type { StudyStore, StudySummary } from '../../store/study-store.ts';
import { TARGET_KINDS } from '../../store/target-kinds.ts';
import { isKnown, unknown } from '../../tuner/attribution/gain.ts';
import { isInWhole, wholeGain } from '../../tuner/attribution/whole-gain.ts';
import { planSchema } from '../ask/plan.ts';
import { isSame } from '../ask/verify-resolved.ts';
import { parseOutcome } from '../documents/findings.ts';
import { studyEntry, studyEntryOf } from '../documents/lists.ts';
import { gainFigure, orUnknown, timeUs } from '../documents/parts.ts';
import { verificationFigures } from '../documents/verify.ts';
import { askedWords } from '../report/words/study-name.ts';
import { readTask } from './planned-task.ts';

export const PLAN_STATES = Object.freeze(['active', 'paused', 'ended'] as const);

const moment = z.string().describe('ISO 8601, UTC.');

const plannedSummary = z
  .strictObject({
    study: z.string(),
    kernel: z.string(),
    shape: z.string(),
    dtype: z.string(),
    target: z.string(),
    from: z.enum(TARGET_KINDS).nullable().describe('Where its times are from; null before it is opened.'),
    asked: z
      .string()
      .describe('What else than the shortest time in the whole space it seeks, in words: ", for energyJ".'),
    calls: z.int().describe('How often a model calls it.'),
    state: z.enum(['waiting', 'begun', 'ended']),
    stoppedBy: z.string().nullable().describe('Why it ended.'),
    trials: z.int().nonnegative(),
    fastestUs: studyEntry.shape.fastestUs,
    comparedUs: studyEntry.shape.comparedUs,
    best: studyEntry.shape.best,
    defaultUs: orUnknown(timeUs).describe('The default in the comparison that timed comparedUs.'),
    gainOverDefault: gainFigure.describe('Of the best.'),
    verification: verificationFigures
      .readonly()
      .nullable()
      .exactOptional()
      .describe('Where the plan asks for it: what `verify` has shown so far; null before its first pair.'),
  })
  .readonly();

const targetSum = z
  .strictObject({
    target: z.string(),
    studies: z.int().describe('Studies of the plan whose gain is known, or whose best is the default.'),
    defaultUs: timeUs,
    comparedUs: timeUs.describe('What to use, as the final comparisons timed it.'),
    gain: gainFigure.describe('At the ends of its interval all studies are at the same end of theirs.'),
  })
  .readonly();

/** A plan's studies and their results: the answer over HTTP, and the content of notifications. */
export const planSummarySchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    plan: z.string(),
    name: z.string().nullable().describe('What it is called: mostly its file; null where nobody named it.'),
    state: z.enum(PLAN_STATES).describe('Paused: every study that has not ended is.'),
    isModel: z
      .boolean()
      .describe(
        'Whether its studies are those of all imported kernels, each as often as their model calls it.',
      ),
    submittedAt: moment,
    endedAt: moment.nullable(),
    activeMs: z.number().describe('Working time so far, milliseconds.'),
    studies: z.array(plannedSummary).readonly(),
    sums: z
      .array(targetSum)
      .readonly()
      .describe('A target’s studies added up, each as often as a model calls it.'),
  })
  .readonly()
  .meta({ title: 'A plan and what it found' });

export type PlanSummary = z.infer<typeof planSummarySchema>;
type PlannedSummary = PlanSummary['studies'][number];

export async function planSummary(
  record: PlanRecord,
  store: Pick<CatalogStore, 'importedKernels'> & StudyStore & FindingStore,
): Promise<PlanSummary> {
  const studies: PlannedSummary[] = [];
  const seen: Seen[] = [];
  for (const planned of record.studies) {
    const summary = await store.summary(planned.studyId);
    studies.push(await summaryOf(planned, summary, store));
    seen.push({ planned, summary });
  }
  return {
    schemaVersion: 1,
    plan: record.id,
    name: planName(record),
    state: stateOf(record, seen),
    isModel: isModel(seen, await store.importedKernels()),
    submittedAt: new Date(record.submittedAt).toISOString(),
    endedAt: record.endedAt === null ? null : new Date(record.endedAt).toISOString(),
    activeMs: Math.round(record.activeMs),
    studies,
    sums: sumsOf(studies),
  };
}

/** What whoever submitted it calls it; null where nobody did. */
export function planName({ document }: PlanRecord): string | null {
  return planSchema.parse(document).name ?? null;
}

type Seen = Readonly<{ planned: PlannedStudy; summary: StudySummary | undefined }>;

function stateOf({ endedAt }: PlanRecord, seen: readonly Seen[]): PlanSummary['state'] {
  if (endedAt !== null) return 'ended';
  const open = seen.filter(({ planned }) => planned.state !== 'ended');
  return open.length > 0 && open.every(({ summary }) => summary?.study.state === 'paused')
    ? 'paused'
    : 'active';
}

/** Whether these are all the kernels that were imported with the number of their calls, and each has that number. */
function isModel(seen: readonly Seen[], imports: readonly ImportedKernel[]): boolean {
  const called = new Map(
    imports.flatMap(({ kernel, calls }) => (calls === null ? [] : [[kernel.hash, calls] as const])),
  );
  const isPart = ({ planned, summary }: Seen): boolean =>
    summary !== undefined && called.get(summary.kernel.hash) === readTask(planned).calls;
  const kernels = new Set(seen.map(({ summary }) => summary?.kernel.hash));
  return called.size > 0 && kernels.size === called.size && seen.every(isPart);
}

const NOT_BEGUN = unknown('not tried', 'the study has not begun');
const NOT_ENDED = unknown('not tried', 'no visit to the study has ended yet');
const NO_DEFAULT = unknown('failed', 'the default has no time in the final comparison');

async function summaryOf(
  planned: PlannedStudy,
  summary: StudySummary | undefined,
  store: StudyStore & FindingStore,
): Promise<PlannedSummary> {
  const { studyId, state, stoppedBy } = planned;
  const { calls, verify } = readTask(planned);
  const outcome = parseOutcome(await store.findings(studyId));
  const entry = summary === undefined ? undefined : studyEntryOf(summary);
  return {
    study: studyId,
    kernel: summary?.kernel.name ?? '',
    shape: summary?.kernel.shape ?? '',
    dtype: summary?.kernel.dtype ?? '',
    target: summary?.target.name ?? '',
    from: summary?.target.kind ?? null,
    asked: entry === undefined ? '' : askedWords(entry),
    calls,
    state,
    stoppedBy,
    trials: summary?.settled ?? 0,
    fastestUs: entry?.fastestUs ?? null,
    comparedUs: entry?.comparedUs ?? null,
    best: entry?.best ?? NOT_BEGUN,
    defaultUs: outcome?.default?.timeUs ?? (outcome === undefined ? NOT_ENDED : NO_DEFAULT),
    gainOverDefault: outcome === undefined ? NOT_ENDED : outcome.gainOverDefault,
    ...(verify && { verification: await verificationOf(studyId, verify.by, store) }),
  };
}

/** What is known of the best beside the default. Null where they are the same, and before the first pair. */
async function verificationOf(
  studyId: string,
  by: number,
  store: StudyStore & FindingStore,
): Promise<NonNullable<PlannedSummary['verification']> | null> {
  const found = (await store.findings(studyId))?.recommended?.configuration;
  const against = (await store.study(studyId))?.defaultConfiguration;
  if (found === undefined || against === undefined) return null;
  const known = (await store.verifications(studyId)).find(
    (each) => isSame(each.winner, found) && isSame(each.against, against),
  );
  const claim = known?.claims.find((each) => each.by === by);
  if (known === undefined || claim === undefined) return null;
  const timings = known.pairs.length * known.timingsOfPair;
  return { by, verdict: claim.verdict, timings, falseClaims: known.falseClaims };
}

/** The time of each target's studies together, by default and at their best; without those whose gain is unknown. */
function sumsOf(studies: readonly PlannedSummary[]): PlanSummary['sums'] {
  const parts = studies.flatMap(({ target, calls, comparedUs, defaultUs, gainOverDefault: gain }) => {
    if (comparedUs === null || !isKnown(defaultUs) || !isInWhole({ gain })) return [];
    return { target, defaultUs: calls * defaultUs, bestUs: calls * comparedUs, gain };
  });
  return [...new Set(parts.map(({ target }) => target))].map((target) => {
    const own = parts.filter((part) => part.target === target);
    return {
      target,
      studies: own.length,
      defaultUs: own.reduce((sum, part) => sum + part.defaultUs, 0),
      comparedUs: own.reduce((sum, part) => sum + part.bestUs, 0),
      gain: wholeGain(own),
    };
  });
}

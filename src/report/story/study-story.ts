import type { Configuration } from '../../../search-space/parameter.ts';
import type { CatalogStore } from '../../../store/catalog-store.ts';
import type { FindingStore } from '../../../store/finding-store.ts';
import type {
  KernelTitle,
  StoredBest,
  StudyRecord,
  TargetTitle,
  VisitRecord,
} from '../../../store/records.ts';
import type { SettledCounts, StudyStore, StudySummary } from '../../../store/study-store.ts';
import { targetKinds } from '../../../store/target-kinds.ts';
import type { Findings, TimedConfiguration } from '../../../tuner/attribution/findings.ts';
import { type GainFigure, isKnown, unknown } from '../../../tuner/attribution/gain.ts';
import type { Importance } from '../../../tuner/attribution/importance.ts';
import { isTimedElsewhere } from '../../answers/best/evidence.ts';
import { type VerifiedBest, verifiedBest } from '../../answers/best/verified.ts';
import type { Why } from '../../answers/why/why.ts';
import { type StudySpec, studySpecSchema } from '../../ask/study-spec.ts';
import { parseFindings } from '../../documents/findings.ts';
import { formatTimeUs, type TimeUnit, timeUnitFor } from '../../text/time-text.ts';
import type { ImprovementCurve } from '../figures/best-so-far.ts';
import type { FrontTrial } from '../figures/front.ts';
import { formatOverDefault } from '../words/numbers.ts';

/** A study with its findings. */
export type StudyOutcome = Readonly<{
  study: StudyRecord;
  kernel: KernelTitle;
  target: TargetTitle;
  settled: number;
  /** Null for studies that were imported or measured by an external harness. */
  spec: StudySpec | null;
  /** Null before a visit has ended, and where an earlier version wrote them. */
  findings: Findings | null;
}>;

const NOT_CONCLUDED = unknown('not tried', 'no visit of this version has ended with a comparison');

/** Unknown before a visit has ended. */
export function gainOverDefault({ findings }: Pick<StudyOutcome, 'findings'>): GainFigure {
  return findings === null ? NOT_CONCLUDED : findings.gainOverDefault;
}

/** The same for a cell of a table: "not compared" where times are of the search alone. */
export function overDefaultCell(
  story: Pick<StudyStory, 'study' | 'findings' | 'preferred' | 'best' | 'basis'>,
): string {
  const { study, findings, preferred, best, basis } = story;
  const isScreened = preferred.timeUs !== null && basis === 'trial' && !isTimedElsewhere(study);
  if (findings === null && isScreened) return 'not compared';
  return formatOverDefault(
    gainOverDefault(story),
    best !== null && best.timeUs === findings?.default?.timeUs,
  );
}

/** "simulated": what the study's times are; of none they are nothing. */
export function timesLabel({ best, target }: Pick<StudyStory, 'best' | 'target'>): string {
  return best === null ? 'nothing timed' : targetKinds[target.kind].label;
}

/** One unit for the times of a report's table of studies. */
export function tableUnit(studies: readonly Pick<StudyStory, 'preferred' | 'best'>[]): TimeUnit {
  const timed = studies.flatMap(({ preferred, best }) => [preferred.timeUs, best?.timeUs]);
  return timeUnitFor(timed.filter((timeUs) => timeUs != null));
}

/** A time for a cell of a table; "not tried", "failed" and the like where there is none. */
export function timeCell(
  story: Pick<StudyOutcome, 'findings'>,
  timeUs: number | null | undefined,
  unit: TimeUnit,
): string {
  if (timeUs != null) return formatTimeUs(timeUs, unit);
  const why = gainOverDefault(story);
  return isKnown(why) ? 'failed' : why.unknown;
}

export function ladderOf({ findings }: Pick<StudyOutcome, 'findings'>): Findings['ladder'] {
  return findings?.ladder ?? NOT_CONCLUDED;
}

/** One study of a report. */
export type StudyStory = StudyOutcome &
  Readonly<{
    invalid: SettledCounts['invalid'];
    /** The recommended configuration, or the fastest trial before a comparison; null if nothing was timed. */
    best: Pick<TimedConfiguration, 'configuration' | 'timeUs'> | null;
    /** Whether a comparison recommends it; null if nothing was timed. */
    basis: StoredBest['basis'] | null;
    /** The default, with its time in the comparison, or before one as it was screened; null where it has none. */
    preferred: Readonly<{ configuration: Configuration; timeUs: number | null }>;
    /** Where its best was shown to be faster than its default. */
    verified?: VerifiedBest;
    curve: ImprovementCurve;
    visits: readonly VisitRecord[];
    /** All that was timed, of a study that seeks several objectives; of very many, the first. */
    trials?: readonly FrontTrial[];
    /** What matters, where it was computed and there are enough trials. */
    importance?: Importance;
    /** Why its configuration wins, where it was asked for and the study has findings. */
    why?: Why;
  }>;

/** More are not told apart where the curve is drawn. */
const CURVE_POINTS = 500;
/** More would hide each other behind a front. */
const FRONT_TRIALS = 2000;

export async function outcomeOf(
  { study, kernel, target, settled }: StudySummary,
  store: FindingStore,
): Promise<StudyOutcome> {
  return {
    study,
    kernel,
    target,
    settled,
    spec: study.spec === null ? null : studySpecSchema.parse(study.spec),
    findings: parseFindings(await store.findings(study.id)) ?? null,
  };
}

async function timedTrials(id: string, store: Pick<StudyStore, 'trials'>): Promise<readonly FrontTrial[]> {
  const found: FrontTrial[] = [];
  for await (const trial of store.trials(id)) {
    if (trial.state === 'timed') found.push({ timeUs: trial.timeUs, metrics: trial.metrics ?? {} });
    if (found.length === FRONT_TRIALS) break;
  }
  return found;
}

export async function tellStudy(
  summary: StudySummary,
  store: CatalogStore & StudyStore & FindingStore,
): Promise<StudyStory> {
  const outcome = await outcomeOf(summary, store);
  const { id } = summary.study;
  const trials = (outcome.findings?.front?.objectives.length ?? 0) > 1 && (await timedTrials(id, store));
  const verified = summary.best && (await verifiedBest(summary.best, summary.study, store));
  const compared = outcome.findings?.default;
  const { defaultConfiguration: configuration } = summary.study;
  const screened = compared == null ? await store.timed(id, configuration) : undefined;
  return {
    ...outcome,
    preferred: {
      configuration,
      timeUs: compared?.timeUs ?? screened?.timeUs ?? null,
    },
    ...(verified && { verified }),
    ...(trials && { trials }),
    invalid: (await store.counts(id)).invalid,
    best: outcome.findings?.best ?? summary.best ?? null,
    basis: summary.best?.basis ?? null,
    curve: { trials: summary.settled, improvements: await store.improvements(id, CURVE_POINTS) },
    visits: await store.visits(id),
  };
}

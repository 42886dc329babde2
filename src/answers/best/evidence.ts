import type { Configuration } from '../../../search-space/parameter.ts';
import { normal, randomFor } from '../../../search-space/random.ts';
import type { Comparison } from '../../../store/comparison.ts';
import type { FindingStore } from '../../../store/finding-store.ts';
import type { StoredBest, StudyRecord } from '../../../store/records.ts';
import type { StudyStore } from '../../../store/study-store.ts';
import type { Metrics } from '../../../store/trial.ts';
import { whyFailed } from '../../../tuner/attribution/failed-trial.ts';
import { IS_DEFAULT } from '../../../tuner/attribution/findings-from.ts';
import {
  type GainFigure,
  type OrUnknown,
  ratio,
  type Unknown,
  unknown,
} from '../../../tuner/attribution/gain.ts';
import { processSpread } from '../../../tuner/attribution/process-spread.ts';
import { bootstrap, FEWEST_SAMPLES, median } from '../../../tuner/measurement/statistics.ts';
import { type IntervalSource, intervalSourceOf } from '../../targets/npu/machine/parameter-sets.ts';
import { formatTimeUs } from '../../text/time-text.ts';
import { type ComparedChoice, comparedChoice, unknownGain } from './compared-choice.ts';
import { keyOf } from './robust.ts';
import type { TimeInterval } from './time-interval.ts';
import { type VerifiedBest, verifiedBest } from './verified.ts';

/**
 * The interval of an observed time and its gain, from the final comparison that recommends it. Times that
 * were measured elsewhere have no comparison: their gain is the ratio of two trials, without an interval.
 */
export type Evidence = Readonly<{
  interval: OrUnknown<TimeInterval>;
  intervalFrom: IntervalSource | null;
  gainOverDefault: GainFigure;
  /** What the final comparison knows of its choice. */
  choice?: ComparedChoice;
  /** What was measured besides the time, in the comparison or else in the trial; absent where that is nothing. */
  metrics?: Metrics;
  /** Absent where it was not verified. */
  verified?: VerifiedBest;
}>;

const NOT_COMPARED = unknown('searched too little', 'it has not been in a final comparison');
const ELSEWHERE = unknown('not applicable', 'it was timed by another tool, without a final comparison');
const NO_DEFAULT = unknown('not tried', 'the default has not been timed');
const NOT_WITH_DEFAULT = unknown('not tried', 'the default was not in the final comparison');
const NO_SAMPLE = unknown('disturbed', 'no clean sample in the final comparison');

/** Whether another tool or a harness timed a study's trials, so that no final comparison can be. */
export function isTimedElsewhere(study: Pick<StudyRecord, 'spec'>): boolean {
  return study.spec === null;
}

export type EvidenceSource = Pick<StudyStore, 'study' | 'timed' | 'trials'> &
  Pick<FindingStore, 'findings' | 'comparison' | 'verifications'>;

export async function evidenceOf(best: StoredBest, store: EvidenceSource): Promise<Evidence> {
  const study = await store.study(best.studyId);
  const verified = study && (await verifiedBest(best, study, store));
  const metrics = (await store.timed(best.studyId, best.configuration))?.metrics;
  return {
    ...(metrics && { metrics }),
    ...(await comparedEvidence(best, study, store)),
    ...(verified && { verified }),
  };
}

async function comparedEvidence(
  best: StoredBest,
  study: StudyRecord | undefined,
  store: EvidenceSource,
): Promise<Evidence> {
  const { studyId, configuration } = best;
  if (best.basis !== 'comparison')
    return study !== undefined && isTimedElsewhere(study)
      ? ofElsewhere(best, study, store)
      : uncompared(study, store);
  const findings = await store.findings(studyId);
  const id = findings?.comparisonId ?? null;
  const comparison = id === null ? undefined : await store.comparison(id);
  if (comparison === undefined || study === undefined) return uncompared(study, store);
  const place = placeOf(comparison, configuration);
  const preferred = placeOf(comparison, study.defaultConfiguration);
  if (place < 0) return uncompared(study, store);
  const metrics = comparison.metrics?.[place];
  return {
    interval: timeInterval(comparison, place),
    intervalFrom: intervalSourceOf(comparison.environment),
    gainOverDefault:
      preferred < 0 ? (unknownGain(findings) ?? NOT_WITH_DEFAULT) : gainOver(comparison, preferred, place),
    ...comparedChoice(findings),
    ...(metrics && { metrics }),
  };
}

async function uncompared(study: StudyRecord | undefined, store: EvidenceSource): Promise<Evidence> {
  const gainOverDefault = study === undefined ? NOT_COMPARED : await uncomparedGain(study, store);
  return { interval: NOT_COMPARED, intervalFrom: null, gainOverDefault };
}

/** Screened times have no gain; the default's says what is known. */
async function uncomparedGain(study: StudyRecord, store: EvidenceSource): Promise<Unknown> {
  const screened = await store.timed(study.id, study.defaultConfiguration);
  if (screened === undefined) return (await failedDefault(study, store)) ?? NO_DEFAULT;
  const took = `the default took ${formatTimeUs(screened.timeUs)} as it was screened`;
  return unknown('searched too little', `${NOT_COMPARED.why}; ${took}`);
}

/** Why there is no gain over a default that was never timed, since it failed; undefined for one that was not tried. */
async function failedDefault(
  { id, defaultConfiguration }: StudyRecord,
  store: EvidenceSource,
): Promise<Unknown | undefined> {
  const wanted = keyOf(defaultConfiguration);
  for await (const trial of store.trials(id)) {
    const failure = whyFailed(trial);
    if (failure !== undefined && keyOf(trial.configuration) === wanted)
      return { ...failure, why: `the default failed: ${failure.why}` };
  }
  return undefined;
}

/** The gain over the default of a comparison's variant, given by their places. */
export function gainOver(comparison: Comparison, preferred: number, place: number): GainFigure {
  return preferred === place ? IS_DEFAULT : (ratio(comparison, preferred, place) ?? NO_SAMPLE);
}

async function ofElsewhere(
  { studyId, timeUs }: StoredBest,
  study: StudyRecord,
  store: EvidenceSource,
): Promise<Evidence> {
  const usedUs = (await store.timed(studyId, study.defaultConfiguration))?.timeUs;
  const none = { interval: ELSEWHERE, intervalFrom: null };
  if (usedUs === undefined)
    return { ...none, gainOverDefault: (await failedDefault(study, store)) ?? NO_DEFAULT };
  const gain = { value: usedUs / timeUs, low: null, high: null };
  return { ...none, gainOverDefault: usedUs === timeUs ? IS_DEFAULT : gain };
}

/**
 * The range of a variant's time over a simulated machine's parameter sets, or the 95 % bootstrap
 * interval of its median over rounds. Unknown for fewer than five rounds, or a single parameter set.
 */
export function timeInterval(comparison: Comparison, variant: number): OrUnknown<TimeInterval> {
  const { kind, roundsUs } = comparison;
  const times = roundsUs.flatMap((round) => round[variant] ?? []);
  if (kind === 'ensemble' && times.length < 2) return NO_SETS;
  if (kind === 'sampled' && times.length < FEWEST_SAMPLES) return tooFew(times.length);
  if (kind === 'ensemble') return { low: Math.min(...times), high: Math.max(...times) };
  const random = randomFor('time interval', times.length);
  const error = processSpread(comparison)[variant];
  const medianOf = (rounds: readonly number[]): number =>
    median(rounds.map((round) => times[round])) * Math.exp(error * normal(random));
  return bootstrap(times.length, medianOf, random);
}

const NO_SETS = unknown('not applicable', 'nothing says how well the figures of the target are known');

function tooFew(samples: number): Unknown {
  const clean = samples === 1 ? '1 clean sample' : `${samples} clean samples`;
  return unknown('searched too little', `${clean} in the final comparison, fewer than ${FEWEST_SAMPLES}`);
}

function placeOf({ variants }: Comparison, wanted: Configuration): number {
  const names = Object.keys(wanted);
  return variants.findIndex(({ configuration }) =>
    names.every((name) => configuration[name] === wanted[name]),
  );
}

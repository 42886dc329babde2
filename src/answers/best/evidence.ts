import type { Configuration } from '../../../search-space/parameter.ts';
import { randomFor } from '../../../search-space/random.ts';
import type { Comparison } from '../../../store/comparison.ts';
import type { FindingStore } from '../../../store/finding-store.ts';
import type { StoredBest } from '../../../store/records.ts';
import type { StudyStore } from '../../../store/study-store.ts';
import { targetKinds } from '../../../store/target-kinds.ts';
import { type Gain, ratio } from '../../../tuner/attribution/gain.ts';
import { bootstrap, FEWEST_SAMPLES, median } from '../../../tuner/measurement/statistics.ts';
import { type IntervalSource, intervalSourceOf } from '../../targets/npu/machine/parameter-sets.ts';
import type { TimeInterval } from './answer.ts';

/**
 * The interval of an observed time and its gain, from the final comparison that recommends it. Times that
 * were measured elsewhere have no comparison: their gain is the ratio of two trials, without an interval.
 */
export type Evidence = Readonly<{
  interval: TimeInterval | null;
  intervalFrom: IntervalSource | null;
  gainOverDefault: Gain | null;
}>;

const NONE: Evidence = Object.freeze({ interval: null, intervalFrom: null, gainOverDefault: null });

export type EvidenceSource = Pick<StudyStore, 'study' | 'timeOf'> &
  Pick<FindingStore, 'findings' | 'comparison'>;

export async function evidenceOf(best: StoredBest, store: EvidenceSource): Promise<Evidence> {
  const { studyId, configuration, target } = best;
  if (best.basis !== 'comparison')
    return targetKinds[target.kind].runs === 'opaque kernels' ? ofTrials(best, store) : NONE;
  const id = (await store.findings(studyId))?.comparisonId ?? null;
  const comparison = id === null ? undefined : await store.comparison(id);
  const study = await store.study(studyId);
  if (comparison === undefined || study === undefined) return NONE;
  const place = placeOf(comparison, configuration);
  const preferred = placeOf(comparison, study.defaultConfiguration);
  if (place < 0) return NONE;
  return {
    interval: timeInterval(comparison, place),
    intervalFrom: intervalSourceOf(comparison.environment),
    gainOverDefault: preferred < 0 ? null : ratio(comparison, preferred, place),
  };
}

async function ofTrials({ studyId, timeUs }: StoredBest, store: EvidenceSource): Promise<Evidence> {
  const study = await store.study(studyId);
  const usedUs = study && (await store.timeOf(studyId, study.defaultConfiguration));
  if (usedUs === undefined || usedUs === timeUs) return NONE;
  return { ...NONE, gainOverDefault: { value: usedUs / timeUs, low: null, high: null } };
}

/**
 * The range of a variant's time over a simulated machine's parameter sets, or the 95 % bootstrap
 * interval of its median over rounds. Null for fewer than five rounds, or a single parameter set.
 */
export function timeInterval({ kind, roundsUs }: Comparison, variant: number): TimeInterval | null {
  const times = roundsUs.flatMap((round) => round[variant] ?? []);
  if (times.length < (kind === 'ensemble' ? 2 : FEWEST_SAMPLES)) return null;
  if (kind === 'ensemble') return { low: Math.min(...times), high: Math.max(...times) };
  const medianOf = (rounds: readonly number[]): number => median(rounds.map((round) => times[round]));
  return bootstrap(times.length, medianOf, randomFor('time interval', times.length));
}

function placeOf({ variants }: Comparison, wanted: Configuration): number {
  const names = Object.keys(wanted);
  return variants.findIndex(({ configuration }) =>
    names.every((name) => configuration[name] === wanted[name]),
  );
}

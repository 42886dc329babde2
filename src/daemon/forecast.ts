import { IN_MEMORY, openStore } from '../../store/open-store.ts';
import type { Budget } from '../../store/records.ts';
import type { StudyStore } from '../../store/study-store.ts';
import { type TargetKind, targetKinds } from '../../store/target-kinds.ts';
import { systemClock } from '../../tuner/clock.ts';
import { searchStudy } from '../../tuner/study.ts';
import { countSubspaces } from '../ask/count-subspaces.ts';
import { openStudy } from '../ask/open-study.ts';
import type { PlannedSpec } from '../ask/planned-studies.ts';
import type { ResolvedStudy } from '../ask/resolve-study.ts';

/** What one study of a plan would do, and about how long it takes. */
export type Forecast = Readonly<{
  kernel: string;
  /** Null, like type, size of the space and known trials, where a device of the fleet says it when the study is opened. */
  shape: string | null;
  dtype: string | null;
  target: string;
  from: TargetKind;
  strategy: string;
  seed: number;
  spaceSize: number | null;
  calls: number;
  budget: Budget;
  /** Settled trials that the store has of it. */
  settled: number | null;
  /** Working time of one trial, milliseconds; null if unknown. */
  trialMs: number | null;
  /** Working time at most, milliseconds; null if unknown. */
  forMs: number | null;
}>;

/** Trials made to estimate the cost of one. */
const TRIED = 96;

/** Estimates how long a budget takes, from the study's trials in the store or else from a few simulated ones. */
export async function forecast(
  { resolved, budget, calls }: Omit<PlannedSpec, 'spec'> & Readonly<{ resolved: ResolvedStudy }>,
  store: StudyStore | undefined,
  { now, toolVersion }: Readonly<{ now: number; toolVersion: string }>,
): Promise<Forecast> {
  const { id, kernel, target, study } = resolved;
  const known = await store?.study(id);
  const visits = known === undefined || store === undefined ? [] : await store.visits(id);
  const settled = known === undefined || store === undefined ? 0 : (await store.counts(id)).settled;
  const activeMs = visits.reduce((sum, visit) => sum + visit.activeMs, 0);
  const trialMs = settled > 0 ? activeMs / settled : await trialCost(resolved, toolVersion);
  return {
    kernel: kernel.name,
    shape: kernel.shape,
    dtype: kernel.dtype,
    target: target.name,
    from: target.kind,
    strategy: study.strategy.name,
    seed: study.seed,
    spaceSize: study.space.size,
    calls,
    budget,
    settled,
    trialMs: trialMs ?? null,
    forMs: longest(budget, trialMs, study.space.size - settled, now),
  };
}

/** A study of the fleet, which its devices are not asked about: what they do is left alone. */
export function forecastOnDevice(
  { spec, budget, calls }: PlannedSpec,
  { target, kind }: Readonly<{ target: string; kind: TargetKind }>,
  now: number,
): Forecast {
  return {
    kernel: spec.kernel.name,
    shape: spec.shape ?? null,
    dtype: spec.dtype ?? null,
    target,
    from: kind,
    strategy: spec.strategy,
    seed: spec.seed,
    spaceSize: null,
    calls,
    budget,
    settled: null,
    trialMs: null,
    forMs: longest(budget, undefined, Number.POSITIVE_INFINITY, now),
  };
}

/** Milliseconds that the whole plan takes at most: the sum of its studies, or its total if that is less. */
export function forecastTotal(
  studies: readonly Forecast[],
  { trials, forMs }: Readonly<{ trials?: number; forMs?: number }>,
): number {
  const sum = studies.reduce((total, one) => total + (one.forMs ?? 0), 0);
  const dearest = Math.max(...studies.map(({ trialMs }) => trialMs ?? Number.POSITIVE_INFINITY));
  return Math.min(
    sum,
    forMs ?? Number.POSITIVE_INFINITY,
    trials === undefined ? Number.POSITIVE_INFINITY : trials * dearest,
  );
}

/** Milliseconds until the first limit is reached. */
function longest(budget: Budget, trialMs: number | undefined, left: number, now: number): number | null {
  const trials = Math.min(budget.trials ?? Number.POSITIVE_INFINITY, left);
  const limits = [
    ...(trialMs === undefined ? [] : [trials * trialMs]),
    ...(budget.forMs === undefined ? [] : [budget.forMs]),
    ...(budget.until === undefined ? [] : [Math.max(0, budget.until - now)]),
  ];
  return limits.length === 0 ? null : Math.min(...limits);
}

/** Milliseconds a trial, including the strategy; undefined on a real machine, which a forecast must not use. */
async function trialCost(resolved: ResolvedStudy, toolVersion: string): Promise<number | undefined> {
  if (!targetKinds[resolved.target.kind].isSimulated) return undefined;
  const store = await openStore(IN_MEMORY, {
    mode: 'write',
    clock: systemClock,
    writer: { role: 'forecast' },
  });
  const backend = await resolved.backend();
  try {
    const study = await openStudy(await countSubspaces(resolved), store, toolVersion);
    const { signal } = new AbortController();
    const surroundings = { toolVersion, environment: {}, listen: () => {} };
    const { log, activeMs } = await searchStudy(
      study,
      { trials: TRIED },
      { store, backend, clock: systemClock, signal, ...surroundings },
    );
    return activeMs / Math.max(1, log.length);
  } finally {
    await backend.close();
    await store.close();
  }
}

import { IN_MEMORY, openStore } from '../../store/open-store.ts';
import type { Budget, VisitRecord } from '../../store/records.ts';
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

/** Trials made to estimate what others cost. */
const TRIED = 96;

/** How long trials take: the first ones together, and each of those after them, whose models have more to learn from. */
type Cost = Readonly<{ trials: number; ms: number; laterMs: number }>;

/**
 * Estimates how long a budget takes, from the study's trials in the store or else from a few simulated ones. An interrupted
 * visit with the same budget is continued with the rest of it.
 */
export async function forecast(
  { resolved, budget, calls }: Omit<PlannedSpec, 'spec'> & Readonly<{ resolved: ResolvedStudy }>,
  store: StudyStore | undefined,
  { now, toolVersion }: Readonly<{ now: number; toolVersion: string }>,
): Promise<Forecast> {
  const { id, kernel, target, study } = resolved;
  const known = await store?.study(id);
  const visits = known === undefined || store === undefined ? [] : await store.visits(id);
  const settled = known === undefined || store === undefined ? 0 : (await store.counts(id)).settled;
  const cost = settled > 0 ? costSoFar(visits, settled) : await costTried(resolved, toolVersion);
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
    trialMs: cost?.laterMs ?? null,
    forMs: longest(restOf(budget, visits.at(-1), settled), cost, study.space.size - settled, now),
  };
}

function costSoFar(visits: readonly VisitRecord[], settled: number): Cost {
  const activeMs = visits.reduce((sum, visit) => sum + visit.activeMs, 0);
  return { trials: 0, ms: 0, laterMs: activeMs / settled };
}

/** What is left of a budget for the visit that comes next. */
function restOf(budget: Budget, last: VisitRecord | undefined, settled: number): Budget {
  if (last?.state !== 'open' || JSON.stringify(last.budget) !== JSON.stringify(budget)) return budget;
  const { trials, forMs } = budget;
  return {
    ...budget,
    ...(trials !== undefined && { trials: Math.max(0, trials - (settled - last.trialsAtStart)) }),
    ...(forMs !== undefined && { forMs: Math.max(0, forMs - last.activeMs) }),
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
function longest(budget: Budget, cost: Cost | undefined, left: number, now: number): number | null {
  const trials = Math.min(budget.trials ?? Number.POSITIVE_INFINITY, left);
  const limits = [
    ...(cost === undefined ? [] : [costOf(trials, cost)]),
    ...(budget.forMs === undefined ? [] : [budget.forMs]),
    ...(budget.until === undefined ? [] : [Math.max(0, budget.until - now)]),
  ];
  return limits.length === 0 ? null : Math.min(...limits);
}

function costOf(trials: number, { trials: first, ms, laterMs }: Cost): number {
  return trials < first ? (trials / first) * ms : ms + (trials - first) * laterMs;
}

/** What trials cost, including the strategy; undefined on a real machine, which a forecast must not use, and where it would compile. */
async function costTried(resolved: ResolvedStudy, toolVersion: string): Promise<Cost | undefined> {
  const { isSimulated, compiles } = targetKinds[resolved.target.kind];
  if (!isSimulated || compiles) return undefined;
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
    const world = { store, backend, clock: systemClock, signal, ...surroundings };
    const { log, activeMs } = await searchStudy(study, { trials: TRIED }, world);
    const trials = Math.max(1, log.length);
    // Those of the second half have come after the parts of a program that are slow only once.
    const [middle, last] = [log[Math.floor(trials / 2)], log[trials - 1]];
    const later = (last?.settledAt ?? 0) - (middle?.settledAt ?? 0);
    return { trials, ms: activeMs, laterMs: Math.max(activeMs, 2 * later) / trials };
  } finally {
    await backend.close();
    await store.close();
  }
}

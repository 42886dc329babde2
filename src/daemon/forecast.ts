import { IN_MEMORY, openStore } from '../../store/open-store.ts';
import type { Budget, TargetKind } from '../../store/records.ts';
import { studyId } from '../../store/study-id.ts';
import type { StudyStore } from '../../store/study-store.ts';
import { systemClock } from '../../tuner/clock.ts';
import { searchStudy } from '../../tuner/study.ts';
import { kernelRecord, openStudy, studyOf } from '../ask/study-request.ts';
import { formatShape } from '../kernels/shape.ts';
import type { Planned } from './expand-plan.ts';

/** What one study of a plan would do, and about how long. */
export type Forecast = Readonly<{
  kernel: string;
  shape: string;
  dtype: string;
  target: string;
  from: TargetKind;
  strategy: string;
  seed: number;
  spaceSize: number;
  calls: number;
  budget: Budget;
  /** Settled trials that the store has of it. */
  settled: number;
  /** Of one trial; null where nothing tells. Milliseconds of working time. */
  trialMs: number | null;
  /** At most; null where nothing tells. Milliseconds of working time. */
  forMs: number | null;
}>;

/** Trials that are timed here to learn what one costs. */
const TRIED = 96;

/** A few simulated trials, or what the store remembers of the study, tell what the budget takes. */
export async function forecast(
  planned: Planned,
  store: StudyStore | undefined,
  { now, toolVersion }: Readonly<{ now: number; toolVersion: string }>,
): Promise<Forecast> {
  const { request, budget, calls } = planned;
  const { kernel, target, strategy, seed } = request;
  const study = studyOf(request);
  const id = studyId({
    kernelHash: kernelRecord(kernel, request.kernelSource).hash,
    targetFingerprint: target.fingerprint,
    spaceHash: study.space.hash,
    objective: 'time',
    strategy: strategy.name,
    seed,
  });
  const known = await store?.study(id);
  const visits = known === undefined || store === undefined ? [] : await store.visits(id);
  const settled = known === undefined || store === undefined ? 0 : (await store.counts(id)).settled;
  const activeMs = visits.reduce((sum, visit) => sum + visit.activeMs, 0);
  const trialMs = settled > 0 ? activeMs / settled : await trialCost(planned, toolVersion);
  return {
    kernel: kernel.name,
    shape: formatShape(kernel.shape),
    dtype: kernel.dtype,
    target: target.name,
    from: target.kind,
    strategy: strategy.name,
    seed,
    spaceSize: study.space.size,
    calls,
    budget,
    settled,
    trialMs: trialMs ?? null,
    forMs: longest(budget, trialMs, study.space.size - settled, now),
  };
}

/** What the whole plan takes at most: its studies together, or its total where that is less. */
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

/** By the limit that comes first. */
function longest(budget: Budget, trialMs: number | undefined, left: number, now: number): number | null {
  const trials = Math.min(budget.trials ?? Number.POSITIVE_INFINITY, left);
  const limits = [
    ...(trialMs === undefined ? [] : [trials * trialMs]),
    ...(budget.forMs === undefined ? [] : [budget.forMs]),
    ...(budget.until === undefined ? [] : [Math.max(0, budget.until - now)]),
  ];
  return limits.length === 0 ? null : Math.min(...limits);
}

/** Milliseconds, strategy and all; undefined on a real machine, which a forecast must not keep busy. */
async function trialCost({ request }: Planned, toolVersion: string): Promise<number | undefined> {
  const { kernel, target } = request;
  if (target.kind !== 'simulator') return undefined;
  const store = await openStore(IN_MEMORY, {
    mode: 'write',
    clock: systemClock,
    writer: { role: 'forecast' },
  });
  const backend = await target.backend(kernel, target.space(kernel));
  try {
    const study = await openStudy(request, store, toolVersion);
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

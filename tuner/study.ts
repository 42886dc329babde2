import type { Configuration } from '../search-space/parameter.ts';
import type { SearchSpace } from '../search-space/search-space.ts';
import type { Budget, Environment, VisitRecord } from '../store/records.ts';
import type { SettledTrial } from '../store/trial.ts';
import type { VisitStore } from '../store/visit-store.ts';
import type { Findings } from './attribution/findings.ts';
import { type Region, regionsOf } from './attribution/regions.ts';
import type { Rival } from './attribution/rivals.ts';
import type { Backend } from './backend.ts';
import { BestSoFar } from './best-so-far.ts';
import { type Progress, type StopReason, spent } from './budget.ts';
import type { Clock } from './clock.ts';
import { concludeVisit } from './conclusion.ts';
import type { Listener } from './events.ts';
import { createScreen } from './measurement/screen.ts';
import { Searches } from './searches.ts';
import type { Prior, StrategyFactory } from './strategies/_base.ts';

/** One question: which configuration of this space is the fastest? Its identity is in the store, as `id`. */
export type Study = Readonly<{
  id: string;
  space: SearchSpace;
  /** What the target's compiler would choose today: always tried, always compared with. */
  default: Configuration;
  strategy: StrategyFactory;
  seed: number;
  /** Configurations known to be good, tried right after the default. */
  start: readonly Configuration[];
  prior?: Prior;
  /** What the target's mechanisms are also compared with. */
  rivals?: readonly Rival[];
  /** Among equals the one that takes less scratchpad is recommended. */
  scratchpadBytes?: (configuration: Configuration) => number;
}>;

/** Everything a visit touches outside itself. */
export type World = Readonly<{
  store: VisitStore;
  backend: Backend;
  clock: Clock;
  /** Aborted: settle what is being timed, compare, and stop. */
  signal: AbortSignal;
  listen: Listener;
  toolVersion: string;
  environment: Environment;
}>;

/** What a search left behind: all settled trials of the study, and why it stopped. */
export type Searched = Readonly<{
  regions: readonly Region[];
  log: readonly SettledTrial[];
  visit: VisitRecord;
  activeMs: number;
  stoppedBy: StopReason;
}>;

/**
 * Visits a study until its budget is spent: propose, time, store, learn; then one final comparison.
 *
 * A visit that was interrupted is taken up with what remains of the same budget. Because every state
 * here is a fold over the stored trials, it ends as if nothing had happened.
 * Throws StoreError where the store is lost, and what the backend throws when it is gone.
 */
export async function visitStudy(study: Study, budget: Budget, world: World): Promise<Findings> {
  return concludeSearch(study, await searchStudy(study, budget, world), world);
}

/** A visit with a budget of time compares its finalists for about this share of it on top. */
const COMPARISON_SHARE = 0.5;

/** The end of a visit: one final comparison, and what follows from it. */
export async function concludeSearch(study: Study, searched: Searched, world: World): Promise<Findings> {
  const { regions, log, visit, activeMs, stoppedBy } = searched;
  const { forMs } = visit.budget;
  const patienceMs = forMs === undefined ? undefined : forMs * COMPARISON_SHARE;
  const findings = await concludeVisit(study, regions, log, stoppedBy, world, patienceMs);
  // Ended only now, so that a visit killed during its comparison is compared again.
  if (stoppedBy !== 'interrupted') await world.store.endVisit(visit.id, { stoppedBy, activeMs });
  world.listen({ kind: 'ended', studyId: study.id, stoppedBy });
  return findings;
}

/** The search alone: what a visit does before it concludes, and all that a slice of one does. */
export async function searchStudy(study: Study, budget: Budget, world: World): Promise<Searched> {
  const regions = regionsOf(study.space, study.rivals);
  const searches = new Searches(study, regions, world.backend.trialCostMs);
  const log = await recall(study, searches, world.store);
  const visit = await beginVisit(study, budget, world);
  const { size: spaceSize } = study.space;
  world.listen({ kind: 'started', studyId: study.id, spaceSize, settled: log.length, budget });
  const { stoppedBy, activeMs } = await search(study, visit, searches, log, world);
  return { regions, log, visit, activeMs, stoppedBy };
}

/** The study's settled trials, folded into the searches. */
async function recall(study: Study, searches: Searches, store: VisitStore): Promise<SettledTrial[]> {
  await store.abandonRunning({ studyId: study.id });
  const log: SettledTrial[] = [];
  for await (const trial of store.trials(study.id)) log.push(trial);
  searches.observe(log);
  return log;
}

async function beginVisit(study: Study, budget: Budget, world: World): Promise<VisitRecord> {
  const { store, toolVersion, environment } = world;
  const open = await store.interruptedVisit(study.id);
  if (open !== undefined) {
    if (JSON.stringify(open.budget) === JSON.stringify(budget)) return open;
    await store.endVisit(open.id, { stoppedBy: 'interrupted', activeMs: open.activeMs });
  }
  return store.startVisit({ studyId: study.id, budget, toolVersion, environment });
}

async function search(
  study: Study,
  visit: VisitRecord,
  searches: Searches,
  log: SettledTrial[],
  world: World,
): Promise<Readonly<{ stoppedBy: StopReason; activeMs: number }>> {
  const { store, backend, clock, signal, listen } = world;
  const screen = createScreen(backend, study, log);
  const began = clock.elapsed();
  const best = new BestSoFar(visit.budget.stall?.gain ?? 0);
  for (const trial of log) best.observe(trial);
  const progress = (): Progress => ({
    settled: log.length - visit.trialsAtStart,
    activeMs: visit.activeMs + clock.elapsed() - began,
    now: clock.now(),
    sinceGain: best.sinceGain,
  });

  for (;;) {
    const { activeMs } = progress();
    if (signal.aborted) return { stoppedBy: 'interrupted', activeMs };
    const stop = spent(visit.budget, progress());
    if (stop !== undefined) return { stoppedBy: stop, activeMs };
    const proposals = searches.propose(batchLength(backend, log, visit));
    if (proposals.length === 0) return { stoppedBy: 'exhausted', activeMs };

    if (backend.timing.kind === 'noisy') await store.markRunning(study.id, proposals);
    const results = await screen(proposals, signal);
    const batch = { studyId: study.id, visitId: visit.id, activeMs: progress().activeMs, results };
    const { settled } = await store.settle(batch);
    searches.observe(settled);
    log.push(...settled);
    listen({ kind: 'settled', studyId: study.id, trials: settled, progress: progress() });
    for (const trial of settled) {
      if (best.observe(trial)) listen({ kind: 'improved', studyId: study.id, trial });
    }
  }
}

/**
 * Batches end at multiples of the backend's size, so that a study cut short anywhere and resumed asks
 * its strategies the same questions as one that ran through.
 */
function batchLength(backend: Backend, log: readonly SettledTrial[], visit: VisitRecord): number {
  const toBoundary = backend.batchSize - (log.length % backend.batchSize);
  const left = (visit.budget.trials ?? Number.POSITIVE_INFINITY) - (log.length - visit.trialsAtStart);
  return Math.min(toBoundary, left);
}

import type { Budget, VisitRecord } from '../store/records.ts';
import type { Proposal, SettledTrial } from '../store/trial.ts';
import type { VisitStore } from '../store/visit-store.ts';
import type { Findings } from './attribution/findings.ts';
import type { Backend } from './backend.ts';
import type { StopReason } from './budget.ts';
import { buildingTold } from './building.ts';
import { concludeVisit, type SearchEnd, type SearchOutcome } from './conclusion.ts';
import { failsThroughout } from './hopeless.ts';
import { screeningFor } from './measurement/screening.ts';
import { devicesOf, searchSideBySide } from './search-side-by-side.ts';
import { Searches } from './searches.ts';
import { Settlement } from './settlement.ts';
import type { Study } from './study-definition.ts';
import { VisitPace } from './visit-pace.ts';
import type { World } from './world.ts';

/**
 * Visits a study until its budget is spent: propose, time, store, learn; then one final comparison.
 *
 * A visit that was interrupted is taken up with what remains of the same budget. Because every state
 * here is a fold over the stored trials, it ends as if nothing had happened.
 * Throws StoreError where the store is lost, and what the backend throws when it is gone.
 */
export async function visitStudy(study: Study, budget: Budget, world: World): Promise<Findings> {
  const outcome = await searchStudy(study, budget, world);
  return concludeVisit(study, outcome, world);
}

/** The search alone: what a visit does before it concludes. */
export async function searchStudy(study: Study, budget: Budget, world: World): Promise<SearchOutcome> {
  const log = await readLog(study, world.store);
  const visit = await beginVisit(study, budget, world);
  const { size: spaceSize } = study.space;
  const { length: settled } = log;
  const ofVisit = settled - visit.trialsAtStart;
  // Before the predictions of all configurations, which take a while.
  world.listen({ kind: 'started', studyId: study.id, spaceSize, settled, ofVisit, budget });
  const searches = new Searches(study, world.backend, visit.trialsAtStart);
  world.backend.recall?.(log);
  const pace = new VisitPace(visit, log, study.subspaces.all, world, study.objective);
  try {
    const devices = devicesOf(world.backend);
    const end =
      devices === undefined
        ? await search(study, searches, pace, log, world)
        : await searchSideBySide(study, searches, pace, log, world, devices);
    return { log, visit, ...end };
  } finally {
    pace.close();
  }
}

/** The study's settled trials. Those that were being timed when a visit was killed are abandoned. */
async function readLog(study: Study, store: VisitStore): Promise<SettledTrial[]> {
  await store.abandonRunning({ studyId: study.id });
  const log: SettledTrial[] = [];
  for await (const trial of store.trials(study.id)) log.push(trial);
  return log;
}

/** The interrupted visit where it has the same budget, else a new one. */
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
  searches: Searches,
  pace: VisitPace,
  log: SettledTrial[],
  world: World,
): Promise<SearchEnd> {
  const { store, backend } = world;
  const { visit, allowance, cutOff } = pace;
  searches.observe(log);
  const settlement = new Settlement(study, pace, log, world);
  const screening = screeningFor(backend, study, log, allowance);
  const end = (stoppedBy: StopReason): SearchEnd => {
    const { activeMs } = pace.progress;
    return { stoppedBy, activeMs, allowance, leftMs: () => pace.leftMs(), notes: screening.notes() };
  };

  for (;;) {
    const stop = pace.stopReason(screening.hasTime());
    if (stop !== undefined) return end(stop);
    if (failsThroughout(log, visit.trialsAtStart, backend.provenance)) return end('failing');
    const proposals = searches.propose(waveLength(study.wave ?? backend.batchSize, log, visit));
    if (proposals.length === 0) return end('exhausted');

    await prefetch(study, proposals, pace, world);
    for (const part of parts(proposals, backend)) {
      if (pace.stopReason(screening.hasTime()) !== undefined) break;
      if (backend.timing.kind === 'noisy') await store.markRunning(study.id, part);
      searches.observe(await settlement.settle(await screening.time(part, cutOff)));
    }
  }
}

/** On a real clock a trial takes long, so it is kept before the next begins. */
function parts(proposals: readonly Proposal[], { timing }: Backend): readonly (readonly Proposal[])[] {
  return timing.kind === 'exact' ? [proposals] : proposals.map((proposal) => [proposal]);
}

/** What a backend does for several proposals at once, before any is timed. */
async function prefetch(
  { id }: Study,
  proposals: readonly Proposal[],
  { cutOff }: VisitPace,
  { backend, listen }: World,
): Promise<void> {
  if (backend.prefetch === undefined) return;
  listen({ kind: 'building', studyId: id, configurations: proposals.length, files: undefined });
  await backend.prefetch(
    proposals.map(({ configuration }) => configuration),
    cutOff,
    buildingTold(id, proposals.length, listen),
  );
}

/**
 * Waves end at multiples of their size, so that a study cut short anywhere and resumed asks its strategies
 * the same questions as one that ran through.
 */
function waveLength(size: number, log: readonly SettledTrial[], visit: VisitRecord): number {
  const toBoundary = size - (log.length % size);
  const left = (visit.budget.trials ?? Number.POSITIVE_INFINITY) - (log.length - visit.trialsAtStart);
  return Math.min(toBoundary, left);
}

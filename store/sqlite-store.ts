import type { Database } from './sqlite-database.ts';
import { openToRead } from './sqlite-file.ts';
import type { Store } from './store.ts';
import { findStoredBest, listBests } from './tables/bests.ts';
import { collectGone } from './tables/collect.ts';
import { conclude, findComparison, findFindings, listComparisons } from './tables/comparisons.ts';
import {
  findImport,
  findKernel,
  importKernel,
  listImports,
  listKernels,
  saveKernel,
} from './tables/kernels.ts';
import { mergeOther } from './tables/merge.ts';
import { findModel, latestModel, saveModel } from './tables/models.ts';
import {
  beginPlanned,
  endPlan,
  endPlanned,
  findPlan,
  findPlanned,
  keepPlanActive,
  listPlans,
  plannedEnd,
  savePlan,
} from './tables/plans.ts';
import {
  countStudies,
  findOrCreateStudy,
  findStudy,
  findSummary,
  listStudies,
  setStudyState,
  studyKeyOf,
  timedStudies,
} from './tables/studies.ts';
import { countTrials, listImprovements } from './tables/summaries.ts';
import { findTarget, listStoredTargets, saveTarget } from './tables/targets.ts';
import { fastestTrials, listStoredTrials, metricNames, timedTrialOf } from './tables/trial-lists.ts';
import {
  abandonRunning,
  markRunning,
  settle,
  settleAll,
  settledTrials,
  unsettledTrials,
} from './tables/trials.ts';
import { listVerifications, saveVerification } from './tables/verifications.ts';
import { endVisit, listVisits, openVisit, startVisit } from './tables/visits.ts';
import type { WallClock } from './wall-clock.ts';

/**
 * The store in one SQLite file; `tables/` has a file for each table. SQLite answers synchronously; the
 * interface is asynchronous for callers that reach a store through a daemon. `release` closes the
 * database.
 */
export function sqliteStore(db: Database, clock: WallClock, release: () => void): Store {
  const now = (): number => Math.round(clock.now());
  const rowOf = (studyId: string): number => studyKeyOf(db, studyId).row;
  return Object.freeze<Store>({
    location: db.location,

    saveKernel: async (kernel) => db.transaction(() => saveKernel(db, kernel)),
    importKernel: async (imported) => db.transaction(() => importKernel(db, imported, now())),
    kernel: async (hash) => findKernel(db, hash),
    kernels: async (filter) => listKernels(db, filter?.name),
    importedKernel: async (name) => findImport(db, name),
    importedKernels: async () => listImports(db),

    saveTarget: async (target) => saveTarget(db, target, now()),
    target: async (fingerprint) => findTarget(db, fingerprint),
    targets: async (filter) => listStoredTargets(db, filter?.name),

    openStudy: async (study) => findOrCreateStudy(db, study, now()),
    study: async (id) => findStudy(db, id),
    setStudyState: async (id, state) => setStudyState(db, id, state),
    summary: async (id) => findSummary(db, id),
    countStudies: async () => countStudies(db),
    studies: async (filter) => listStudies(db, filter ?? {}),
    timedStudies: async (least) => timedStudies(db, least),

    interruptedVisit: async (studyId) => openVisit(db, studyId),
    startVisit: async (visit) => startVisit(db, rowOf(visit.studyId), visit, now()),
    endVisit: async (id, end) => endVisit(db, id, end, now()),
    visits: async (studyId) => listVisits(db, studyId),

    markRunning: async (studyId, proposals) => markRunning(db, studyId, proposals, now()),
    abandonRunning: async (which) => abandonRunning(db, which ?? {}),
    settle: async (batch) => settle(db, batch, now()),
    settleAll: async (visit, batches) => settleAll(db, visit, batches, now),

    trials: (studyId, from = 0) => settledTrials(db, studyId, from),
    unsettled: async (studyId) => unsettledTrials(db, studyId),
    listTrials: async (filter) => listStoredTrials(db, filter),
    counts: async (studyId) => countTrials(db, rowOf(studyId)),
    metricNames: async (studyId) => metricNames(db, studyId),
    improvements: async (studyId, most) => listImprovements(db, rowOf(studyId), most),
    fastest: async (studyId, limit, after) => fastestTrials(db, studyId, limit, after),
    timed: async (studyId, configuration) => timedTrialOf(db, studyId, configuration),

    conclude: async (conclusion) => conclude(db, rowOf(conclusion.studyId), conclusion, now()),
    comparison: async (id) => findComparison(db, id),
    comparisons: async (studyId) => listComparisons(db, rowOf(studyId)),
    findings: async (studyId) => findFindings(db, studyId),

    verifications: async (studyId) => listVerifications(db, rowOf(studyId), studyId),
    saveVerification: async (made) => saveVerification(db, rowOf(made.studyId), made, now()),

    best: async (query) => findStoredBest(db, query),
    bests: async (filter) => listBests(db, filter ?? {}),

    saveModel: async (model) => saveModel(db, model, now()),
    model: async (version) => findModel(db, version),
    latestModel: async (kind) => latestModel(db, kind),

    savePlan: async (plan) => savePlan(db, plan, now()),
    plan: async (id) => findPlan(db, id),
    plans: async (filter) => listPlans(db, filter?.active === true),
    keepPlanActive: async (id, activeMs) => keepPlanActive(db, id, activeMs),
    beginPlanned: async (planId, studyId) => beginPlanned(db, planId, studyId),
    planned: async (planId, studyId) => findPlanned(db, planId, studyId),
    plannedEnd: async (planId, studyId) => plannedEnd(db, planId, studyId),
    endPlanned: async (planId, studyId, stoppedBy) => endPlanned(db, planId, studyId, stoppedBy),
    endPlan: async (id) => endPlan(db, id, now()),

    merge: async (path) => {
      // Opened separately first, to check that it is a store with a known schema.
      const other = openToRead(path, clock);
      other.close();
      return db.withAttached(other.location, () => mergeOther(db));
    },
    collect: async (fingerprints) => collectGone(db, fingerprints),

    problems: async () => db.problems(),
    confirmPlace: async () => db.transaction(() => undefined),
    close: async () => release(),
  });
}

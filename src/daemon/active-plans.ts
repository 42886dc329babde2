import { setImmediate as nextTurn } from 'node:timers/promises';
import type { PlanStore } from '../../store/plan-store.ts';
import type { PlannedStudy, PlanRecord } from '../../store/records.ts';
import type { StudyStore } from '../../store/study-store.ts';
import { PlanProgress } from './plan-progress.ts';
import { readTask } from './planned-task.ts';

/** Called when a study of a plan, or a plan, has ended. */
export type PlanOutcomes = Readonly<{
  studyEnded(planId: string, studyId: string, stoppedBy: string): void;
  planEnded(plan: PlanRecord): void;
}>;

/** A study that a plan asks for. */
export type Wanted = Readonly<{ planId: string; planned: PlannedStudy }>;

/** A plan's working time is stored once in so many beats. */
const BEATS_KEPT = 10;

/** The plans that have not ended, oldest first, with their progress. Each end is written to the store. */
export class ActivePlans {
  readonly #store: StudyStore & PlanStore;
  readonly #outcomes: PlanOutcomes;
  readonly #plans = new Map<string, PlanProgress>();
  #beats = 0;

  constructor(store: StudyStore & PlanStore, outcomes: PlanOutcomes) {
    this.#store = store;
    this.#outcomes = outcomes;
  }

  /** The studies of a plan that have not ended; without a plan, those of all plans. */
  studies(planId?: string): readonly string[] {
    const plans = planId === undefined ? [...this.#plans.values()] : [this.#plans.get(planId)];
    return [...new Set(plans.flatMap((plan) => [...(plan?.open ?? [])]))];
  }

  /** Adds a plan and returns its studies that are still to be done. A plan without any ends at once. */
  async add(record: PlanRecord): Promise<readonly Wanted[]> {
    const progress = new PlanProgress(record);
    this.#plans.set(record.id, progress);
    const left: Wanted[] = [];
    for (const planned of record.studies) {
      if (planned.state === 'ended') continue;
      // Of thousands of studies, the whole would keep all requests waiting.
      await nextTurn();
      const { studyId } = planned;
      progress.count(studyId, (await this.#store.counts(studyId)).settled);
      // The daemon was killed after the visit ended and before the plan recorded it: record it now.
      const end = planned.state === 'begun' ? await this.#store.plannedEnd(record.id, studyId) : undefined;
      if (end === undefined || readTask(planned).verify !== undefined)
        left.push({ planId: record.id, planned });
      else {
        await this.#store.setStudyState(studyId, end === 'cancelled' ? 'cancelled' : 'done');
        await this.finish(record.id, studyId, end);
      }
    }
    await this.#endIfDone(record.id);
    return left;
  }

  /** Updates the count of a study's settled trials. Returns the studies of plans whose total budget is spent. */
  count(studyId: string, settled: number): readonly string[] {
    for (const plan of this.#plans.values()) plan.count(studyId, settled);
    return this.#spent();
  }

  async finish(planId: string, studyId: string, stoppedBy: string): Promise<void> {
    await this.#store.endPlanned(planId, studyId, stoppedBy);
    this.#plans.get(planId)?.end(studyId);
    this.#outcomes.studyEnded(planId, studyId, stoppedBy);
    await this.#endIfDone(planId);
  }

  /** A visit has ended: its study has ended for the plan that began the visit. */
  async finishWhereBegun(studyId: string, stoppedBy: string): Promise<void> {
    const begun = (await this.#wanting(studyId)).find(({ planned }) => planned.state === 'begun');
    if (begun !== undefined) await this.finish(begun.planId, studyId, stoppedBy);
  }

  async finishEverywhere(studyId: string, stoppedBy: string): Promise<void> {
    for (const { planId } of await this.#wanting(studyId)) await this.finish(planId, studyId, stoppedBy);
  }

  /** The oldest plan in which the study has not ended. */
  async nextWanting(studyId: string): Promise<Wanted | undefined> {
    const [next] = await this.#wanting(studyId);
    return next;
  }

  /** Adds to the working time of every plan. Returns the studies of plans whose total budget is spent. */
  async beat(elapsedMs: number): Promise<readonly string[]> {
    this.#beats++;
    for (const plan of this.#plans.values()) plan.beat(elapsedMs);
    if (this.#beats % BEATS_KEPT === 0) await this.keep();
    for (const planId of [...this.#plans.keys()]) await this.#endIfDone(planId);
    return this.#spent();
  }

  #spent(): readonly string[] {
    return [...this.#plans.values()].flatMap((plan) => (plan.isSpent ? [...plan.open] : []));
  }

  /** Stores the working time of every plan. */
  async keep(): Promise<void> {
    for (const { id, activeMs } of this.#plans.values()) await this.#store.keepPlanActive(id, activeMs);
  }

  async #wanting(studyId: string): Promise<readonly Wanted[]> {
    const wanting: Wanted[] = [];
    for (const { id, open } of this.#plans.values()) {
      if (!open.has(studyId)) continue;
      const planned = await this.#store.planned(id, studyId);
      if (planned !== undefined) wanting.push({ planId: id, planned });
    }
    return wanting;
  }

  async #endIfDone(planId: string): Promise<void> {
    const plan = this.#plans.get(planId);
    if (plan === undefined || plan.open.size > 0) return;
    this.#plans.delete(planId);
    try {
      await this.#store.keepPlanActive(planId, plan.activeMs);
      await this.#store.endPlan(planId);
    } catch (error) {
      // A full disk: the next beat tries again.
      this.#plans.set(planId, plan);
      throw error;
    }
    const record = await this.#store.plan(planId);
    if (record !== undefined) this.#outcomes.planEnded(record);
  }
}

/** What ended a planned study that an error ended. */
export function failedWith(error: unknown): string {
  return `failed: ${error instanceof Error ? error.message : String(error)}`;
}

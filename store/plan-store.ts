import type { NewPlan, PlannedStudy, PlanRecord } from './records.ts';

/** Plans, and the progress of their studies. */
export interface PlanStore {
  /** Stores a plan, whose studies must be stored already. */
  savePlan(plan: NewPlan): Promise<PlanRecord>;
  plan(id: string): Promise<PlanRecord | undefined>;
  /** Oldest first. */
  plans(filter?: Readonly<{ active?: boolean }>): Promise<readonly PlanRecord[]>;
  keepPlanActive(id: string, activeMs: number): Promise<void>;
  /** Records that the study's next visit, or its open one, is the first for the plan. */
  beginPlanned(planId: string, studyId: string): Promise<void>;
  /** A study of a plan; undefined if the plan has no such study. */
  planned(planId: string, studyId: string): Promise<PlannedStudy | undefined>;
  /** Why the last visit for the plan ended; undefined before any has ended. */
  plannedEnd(planId: string, studyId: string): Promise<string | undefined>;
  endPlanned(planId: string, studyId: string, stoppedBy: string): Promise<void>;
  endPlan(id: string): Promise<void>;
}

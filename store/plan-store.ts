import type { NewPlan, PlanRecord } from './records.ts';

/** Plans, and how far their studies are. */
export interface PlanStore {
  /** Keeps a plan; its studies must be here. */
  savePlan(plan: NewPlan): Promise<PlanRecord>;
  plan(id: string): Promise<PlanRecord | undefined>;
  /** Oldest first. */
  plans(filter?: Readonly<{ active?: boolean }>): Promise<readonly PlanRecord[]>;
  keepPlanActive(id: string, activeMs: number): Promise<void>;
  /** From now on the study is visited for the plan; an open visit counts as the plan's. */
  beginPlanned(planId: string, studyId: string): Promise<void>;
  /** Why the last visit made for the plan ended; undefined while none has run to its end. */
  plannedEnd(planId: string, studyId: string): Promise<string | undefined>;
  endPlanned(planId: string, studyId: string, stoppedBy: string): Promise<void>;
  endPlan(id: string): Promise<void>;
}

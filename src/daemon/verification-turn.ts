import type { PlannedStudy } from '../../store/records.ts';
import type { Store } from '../../store/store.ts';
import type { StudyEvent } from '../../tuner/events.ts';
import type { Assignment } from './scheduler.ts';

/** Whoever ends a study, or its plan's budget, ends it without. */
export function wantsVerifying({ task, verify }: Assignment, stoppedBy: string): boolean {
  const isCutShort = stoppedBy === 'total' || stoppedBy === 'stopped' || stoppedBy === 'failing';
  return verify !== undefined && task.verifying === undefined && !isCutShort;
}

/** The assignment of verifying what its visit, which ended so, has found. */
export function toVerify(assignment: Assignment, stoppedBy: string): Assignment {
  const { task, verify } = assignment;
  return verify === undefined
    ? assignment
    : { ...assignment, task: { ...task, verifying: { question: verify, stoppedBy, spentMs: 0 } } };
}

/** What ended the visit of a planned study whose findings wait to be verified; undefined where the visit goes on. */
export function endedUnverified(
  store: Pick<Store, 'plannedEnd'>,
  planId: string,
  { studyId, state }: Pick<PlannedStudy, 'studyId' | 'state'>,
): Promise<string | undefined> {
  return state === 'begun' ? store.plannedEnd(planId, studyId) : Promise.resolve(undefined);
}

/** What listeners are told of a verification. */
export function verificationOf({
  studyId: study,
  by,
  pairs,
  verdict,
}: Extract<StudyEvent, { kind: 'verifying' }>) {
  return { kind: 'verification', study, by, pairs, verdict } as const;
}

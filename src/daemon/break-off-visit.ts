import type { Store } from '../../store/store.ts';

/** Ends the visit that a study is in, if any, without a comparison; what it was timing is abandoned. */
export async function breakOffVisit(store: Store, studyId: string, stoppedBy: string): Promise<void> {
  await store.abandonRunning({ studyId });
  const open = await store.interruptedVisit(studyId);
  if (open !== undefined) await store.endVisit(open.id, { stoppedBy, activeMs: open.activeMs });
}

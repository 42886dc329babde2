import type { StudyRecord } from '../../store/records.ts';
import type { Desk } from './desk.ts';

/** The value of `harness` in the description of targets whose times an external harness reports. */
export const HARNESS = 'ask-tell';

/** Whether an external harness measures the study, by asking and telling. */
export async function isOfHarness({ targetFingerprint }: StudyRecord, { daemon }: Desk): Promise<boolean> {
  const target = await daemon.store.target(targetFingerprint);
  return target?.description.harness === HARNESS;
}

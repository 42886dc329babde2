import type { StoredFindings, StudyRecord } from '../../store/records.ts';

/** Whether a study has ended; a new visit may reopen it. */
export function isOver({ state }: Pick<StudyRecord, 'state'>): boolean {
  return state === 'done' || state === 'cancelled';
}

/** Why a study has no findings that can be read: only a visit that ends with a comparison has. */
export function withoutFindings(
  { id, state }: Pick<StudyRecord, 'id' | 'state'>,
  stored: StoredFindings | undefined,
): string {
  if (stored !== undefined)
    return `the findings of study ${id} are of an earlier version of nightshift, and its next visit makes new ones: tune it again`;
  return isOver({ state })
    ? `study ${id} ended without a comparison: it was cancelled, or measured elsewhere`
    : `study ${id} has not ended yet`;
}

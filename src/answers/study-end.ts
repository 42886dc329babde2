import type { StudyRecord } from '../../store/records.ts';

/** Whether nothing of a study is going on, until somebody asks for it again. */
export function isOver({ state }: Pick<StudyRecord, 'state'>): boolean {
  return state === 'done' || state === 'cancelled';
}

/** Why a study has no ladder: only a visit that ends with a comparison finds one. */
export function withoutFindings({ id, state }: Pick<StudyRecord, 'id' | 'state'>): string {
  return isOver({ state })
    ? `study ${id} ended without a comparison: it was cancelled, or measured elsewhere`
    : `study ${id} has not ended yet`;
}

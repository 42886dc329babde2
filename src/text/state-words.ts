/** What ended a visit, in the words of every list; other ends are words already. */
export const VISIT_ENDS: Readonly<Record<string, string>> = Object.freeze({
  trials: 'budget spent',
  time: 'budget spent',
  deadline: 'budget spent',
  total: 'budget spent',
  exhausted: 'all tried',
  stalled: 'no more gain',
  failing: 'all failed',
});

/** "budget spent" for a visit that its trials ended, "interrupted", "failed: …" */
export function endWords(stoppedBy: string): string {
  return VISIT_ENDS[stoppedBy] ?? stoppedBy;
}

/** Whether a visit ended as nothing worked: an error, or all configurations failed. */
export function isFailure(stoppedBy: string): boolean {
  return stoppedBy === 'failing' || stoppedBy.startsWith('failed: ');
}

/** Of a study whose last visit did not come to its end, and which nobody works on. */
export const INTERRUPTED = 'interrupted';

/**
 * The state of a study in a list: what ended its last visit, or what it is doing. A visit that has not ended is `at work` only
 * while somebody works on it.
 */
export function studyStateWords(
  state: string,
  visit: Readonly<{ state: 'open' } | { state: 'ended'; stoppedBy: string }> | undefined,
  isAtWork: boolean,
): string {
  if (state === 'paused' || state === 'cancelled') return state;
  if (visit === undefined) return 'not begun';
  if (visit.state === 'open') return isAtWork ? 'at work' : INTERRUPTED;
  return endWords(visit.stoppedBy);
}

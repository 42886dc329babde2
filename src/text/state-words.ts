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

/** The state of a study in a list: what ended its last visit, or what it is doing. */
export function studyStateWords(
  state: string,
  visit: Readonly<{ state: 'open' } | { state: 'ended'; stoppedBy: string }> | undefined,
): string {
  if (state === 'paused' || state === 'cancelled') return state;
  if (visit === undefined) return 'not begun';
  return visit.state === 'open' ? 'open' : endWords(visit.stoppedBy);
}

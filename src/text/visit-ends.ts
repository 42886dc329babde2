/** What ended a visit, in the same words wherever a study's state is shown; other reasons are words themselves. */
export const VISIT_ENDS: Readonly<Record<string, string>> = Object.freeze({
  trials: 'budget spent',
  time: 'budget spent',
  deadline: 'budget spent',
  stalled: 'no more gain',
  failing: 'all failed',
});

import { make } from './dom.js';
import { count, duration } from './numbers.js';
import { visitEnds } from './words.js';

/** @import { ListedStudy, LiveStudy } from '../served/data.js' */

/** @typedef {Pick<ListedStudy, 'state' | 'stoppedBy' | 'trials' | 'progress'>} Standing */

/**
 * Whether a visit is in progress, or interrupted and can be continued.
 * @param {Standing} study
 */
export function isUnderWay({ state, stoppedBy, trials, progress }) {
  return state === 'open' && (progress !== null || (stoppedBy === null && trials > 0));
}

/**
 * The status of a study in a few words.
 * @param {Standing} study
 */
export function statusOf(study) {
  const { state, stoppedBy, trials, progress } = study;
  if (state === 'paused' || state === 'cancelled') return state;
  if (state === 'open' && progress !== null) {
    const isWaiting = progress.trials === 0 && progress.of === null;
    if (progress.trouble === null && progress.files !== null)
      return `compiling · ${count(progress.files)} ${progress.files === 1 ? 'file' : 'files'}`;
    return progress.trouble ?? (isWaiting ? 'waiting' : progress.rounds === null ? 'at work' : 'comparing');
  }
  if (stoppedBy === null) return trials > 0 ? 'interrupted' : 'not begun';
  return visitEnds[stoppedBy] ?? stoppedBy;
}

/**
 * A visit's progress and time left; empty before its first trial.
 * @param {Pick<LiveStudy, 'trials' | 'of' | 'leftMs' | 'rounds'>} progress
 * @param {string} name
 */
export function progressOf({ trials, of, leftMs, rounds }, name) {
  if (trials === 0 && of === null) return [];
  // An empty bar would say no more than the words beside it.
  const bar =
    of === null || trials === 0
      ? []
      : [make('progress', { max: of, value: trials, 'aria-label': `progress of ${name}` })];
  // Where the search's time is over, the final comparison is near.
  const left = leftMs === null || leftMs < 1000 ? '' : duration(leftMs);
  const words = [
    of === null ? `${count(trials)} trials` : `${count(trials)} of ${count(of)}`,
    ...(rounds ? [`${count(rounds)} rounds`] : []),
    ...(left === '' ? [] : [`${left} left`]),
  ];
  return [
    ...bar,
    ' ',
    ...words.flatMap((each, place) => [place === 0 ? '' : ', ', make('span', { class: 'unbroken' }, each)]),
  ];
}

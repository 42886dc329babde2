import { choice, make, refill, table } from '../dom.js';
import { count, micros } from '../numbers.js';

/** @import { ShownTrial, StudyData } from '../../served/data.js' */

/** The number of rows shown at first and added by each click on "more". */
const PAGE = 50;

/** @typedef {{ state: string, order: string, words: string, shown: number }} Wish */

/**
 * The trials of the page, filtered and sorted in the browser.
 * @param {() => StudyData} pageNow
 */
export function trialsTable(pageNow) {
  const rows = make('div');
  const wish = { state: 'timed', order: 'fastest first', words: '', shown: PAGE };
  const show = () => {
    const page = pageNow();
    const found = matching(page, wish);
    const isMore = found.length > wish.shown;
    const more = () => set({ shown: wish.shown + PAGE });
    refill(rows, tableOf(page, found, wish.shown), ...(isMore ? [moreButton(more)] : []));
  };
  /** @param {Partial<Wish>} change */
  const set = (change) => {
    Object.assign(wish, change);
    show();
  };
  return { box: make('section', {}, make('h2', {}, 'Trials'), controls(pageNow(), wish, set), rows), show };
}

/**
 * The trials that match the filter, in the chosen order.
 * @param {StudyData} page
 * @param {Wish} wish
 * @returns {readonly ShownTrial[]}
 */
function matching(page, { state, order, words }) {
  const wanted = words.split(/\s+/).filter((word) => word !== '');
  /** @param {ShownTrial} trial */
  const textOf = (trial) =>
    `${trial.subset} ${trial.origin} ${trial.reason ?? ''} ${configurationOf(page, trial)}`;
  /** @type {readonly ShownTrial[]} */
  const all = [...page.trials, ...page.compared];
  return all
    .filter(({ timeUs }) => state === 'all' || (timeUs !== null) === (state === 'timed'))
    .filter((trial) => wanted.every((word) => textOf(trial).includes(word)))
    .sort(
      order === 'fastest first'
        ? (a, b) => (a.timeUs ?? Infinity) - (b.timeUs ?? Infinity)
        : (a, b) => (b.number ?? -1) - (a.number ?? -1),
    );
}

/**
 * @param {StudyData} page
 * @param {ShownTrial} trial
 */
function configurationOf({ parameters }, { digits }) {
  return digits
    .map((digit, place) => `${parameters[place].name}=${parameters[place].values[digit]}`)
    .join(' ');
}

/**
 * @param {StudyData} page
 * @param {readonly ShownTrial[]} found
 * @param {number} shown
 */
function tableOf(page, found, shown) {
  const hasSubsets = page.parameters.some(({ tag }) => tag !== 'schedule');
  const caption = `${count(Math.min(shown, found.length))} of ${count(found.length)} trials`;
  return table(
    `${caption}${page.isCut ? ' (of a long study: the latest and the fastest)' : ''}`,
    [
      { title: 'number' },
      { title: 'µs', number: true },
      ...(hasSubsets ? [{ title: 'for' }] : []),
      { title: 'origin' },
      { title: 'configuration' },
    ],
    found
      .slice(0, shown)
      .map((trial) => [
        trial.number === undefined ? '' : String(trial.number),
        trial.timeUs === null ? trial.reason : micros(trial.timeUs),
        ...(hasSubsets ? [trial.subset] : []),
        trial.origin,
        configurationOf(page, trial),
      ]),
  );
}

/** @param {() => void} onclick */
function moreButton(onclick) {
  return make('button', { type: 'button', onclick }, `show ${PAGE} more trials`);
}

/**
 * @param {StudyData} page
 * @param {Wish} wish
 * @param {(change: Partial<Wish>) => void} set
 */
function controls(page, { state, order }, set) {
  const filter = make('input', {
    type: 'search',
    placeholder: exampleOf(page),
    size: 24,
    'aria-label': 'only trials with these words',
  });
  filter.addEventListener('input', () => set({ words: filter.value }));
  return make(
    'div',
    { class: 'controls' },
    choice('show', ['timed', 'invalid', 'all'], state, (value) => set({ state: value })),
    choice('order', ['fastest first', 'latest first'], order, (value) => set({ order: value })),
    filter,
  );
}

/**
 * An example filter from the study's own space.
 * @param {StudyData} page
 */
function exampleOf({ parameters }) {
  return parameters
    .slice(0, 2)
    .map(({ name, values }) => `${name}=${values.at(-1)}`)
    .join(' ');
}

import { choice, make, refill } from '../dom.js';
import { count, time, unitFor } from '../numbers.js';

/** @import { PageImportance, PageTrial, ShownTrial, StudyData } from '../../served/data.js' */

/** The number of rows shown at first and added by each click on "more". */
const PAGE = 50;

/** @typedef {{ state: string, sort: string, isReversed: boolean, words: string, shown: number }} Wish */
/** @typedef {Readonly<{ title: string, number?: boolean, isIdle?: boolean, key: (trial: ShownTrial) => number | string, text: (trial: ShownTrial) => string }>} Column */

/**
 * The trials of the page, filtered and sorted in the browser: a column for each parameter that differs, grey where it does
 * not matter.
 * @param {() => StudyData} pageNow
 */
export function trialsTable(pageNow) {
  const rows = make('div');
  const wish = firstWish(pageNow());
  /** @type {PageImportance['idle']} */
  let idle = [];
  /** @type {(trial: Pick<PageTrial, 'digits' | 'timeUs'>) => boolean} */
  let isChosen = () => true;
  const show = () => {
    const page = pageNow();
    /** @type {readonly ShownTrial[]} */
    const all = [...page.trials, ...page.compared];
    const { columns, constants } = columnsOf(page, all, idle);
    const found = matching(page, all.filter(isChosen), columns, wish);
    const more = () => set({ shown: wish.shown + PAGE });
    /** @param {string} title */
    const sortBy = (title) => set({ sort: title, isReversed: wish.sort === title && !wish.isReversed });
    refill(
      rows,
      make('p', { class: 'soft' }, constants === '' ? '' : `The same in all trials: ${constants}.`),
      tableOf(page, found, all.length - found.length, columns, wish, sortBy),
      ...moreButton(found.length - wish.shown, more),
    );
  };
  /** @param {Partial<Wish>} change */
  const set = (change) => {
    Object.assign(wish, change);
    show();
  };
  return {
    box: make('section', {}, make('h2', {}, 'Trials'), controls(pageNow(), wish, set), rows),
    show,
    /** @param {PageImportance['idle']} names */
    grey(names) {
      idle = names;
      show();
    },
    /** @param {typeof isChosen} test */
    restrict(test) {
      isChosen = test;
      show();
    },
  };
}

/**
 * The timed trials, or all where none is timed.
 * @param {StudyData} page
 * @returns {Wish}
 */
function firstWish({ trials }) {
  const isTimed = trials.length === 0 || trials.some(({ timeUs }) => timeUs !== null);
  return { state: isTimed ? 'timed' : 'all', sort: 'time', isReversed: false, words: '', shown: PAGE };
}

/**
 * @param {number} left
 * @param {() => void} more
 */
function moreButton(left, more) {
  if (left <= 0) return [];
  const name = left === 1 ? 'show 1 more trial' : `show ${Math.min(PAGE, left)} more trials`;
  return [make('button', { type: 'button', onclick: more }, name)];
}

/**
 * The columns, and the parameters that are the same in all trials as "name=value".
 * @param {StudyData} page
 * @param {readonly ShownTrial[]} all
 * @param {PageImportance['idle']} idle
 * @returns {Readonly<{ columns: readonly Column[], constants: string }>}
 */
function columnsOf({ parameters }, all, idle) {
  const unit = unitFor(all.map(({ timeUs }) => timeUs));
  const hasSubsets = parameters.some(({ tag }) => tag !== 'schedule');
  const differs = parameters.map((_, place) =>
    all.some(({ digits }) => digits[place] !== all[0].digits[place]),
  );
  const own = parameters.flatMap(({ name, values }, place) =>
    differs[place]
      ? [
          {
            title: name,
            number: values.every((value) => typeof value === 'number'),
            isIdle: idle.includes(name),
            key: (/** @type {ShownTrial} */ { digits }) => digits[place],
            text: (/** @type {ShownTrial} */ { digits }) => String(values[digits[place]]),
          },
        ]
      : [],
  );
  const same = parameters.flatMap(({ name, values }, place) =>
    differs[place] || all.length === 0 ? [] : [`${name}=${values[all[0].digits[place]]}`],
  );
  return {
    columns: [
      {
        title: 'number',
        number: true,
        key: ({ number }) => number ?? -1,
        text: ({ number }) => (number === undefined ? '–' : count(number)),
      },
      {
        title: 'time',
        number: true,
        key: ({ timeUs }) => timeUs ?? Number.POSITIVE_INFINITY,
        text: ({ timeUs, reason }) => reason ?? time(timeUs, unit),
      },
      ...own,
      ...(hasSubsets ? [{ title: 'for', key: subsetOf, text: subsetOf }] : []),
      { title: 'origin', key: ({ origin }) => origin, text: ({ origin }) => origin },
    ],
    constants: same.join(' '),
  };
}

/** @param {ShownTrial} trial */
function subsetOf({ subset }) {
  return subset;
}

/**
 * The trials that match the filter, in the chosen order.
 * @param {StudyData} page
 * @param {readonly ShownTrial[]} all
 * @param {readonly Column[]} columns
 * @param {Wish} wish
 */
function matching({ parameters }, all, columns, { state, sort, isReversed, words }) {
  const wanted = words.split(/\s+/).filter((word) => word !== '');
  /** @param {ShownTrial} trial */
  const textOf = ({ subset, origin, reason, digits }) =>
    [
      subset,
      origin,
      reason ?? '',
      ...digits.map((digit, place) => `${parameters[place].name}=${parameters[place].values[digit]}`),
    ].join(' ');
  const key = (columns.find(({ title }) => title === sort) ?? columns[1]).key;
  const found = all
    .filter(({ timeUs }) => state === 'all' || (timeUs !== null) === (state === 'timed'))
    .filter((trial) => wanted.length === 0 || wanted.every((word) => ` ${textOf(trial)} `.includes(word)))
    .map((trial) => ({ trial, at: key(trial) }))
    .sort((a, b) =>
      typeof a.at === 'number' && typeof b.at === 'number'
        ? a.at - b.at || 0
        : String(a.at).localeCompare(String(b.at), 'en'),
    );
  return (isReversed ? found.reverse() : found).map(({ trial }) => trial);
}

/**
 * @param {StudyData} page
 * @param {readonly ShownTrial[]} found
 * @param {number} hidden by the filter and by chosen parts of axes
 * @param {readonly Column[]} columns
 * @param {Wish} wish
 * @param {(title: string) => void} sortBy
 */
function tableOf({ isCut }, found, hidden, columns, { shown, sort, isReversed }, sortBy) {
  const others = found.length === 0 && hidden > 0 ? `: the ${count(hidden)} that there are do not match` : '';
  const compared = found.filter(({ number }) => number === undefined).length;
  const parts =
    compared === 0
      ? `${count(found.length)} trials`
      : `${count(found.length)}: ${count(found.length - compared)} trials and ${count(compared)} timed in comparisons`;
  const caption = `${count(Math.min(shown, found.length))} of ${parts}${others}`;
  /** @param {Column} column */
  const kindOf = ({ number, isIdle }) =>
    [number ? 'n' : '', isIdle ? 'idle' : ''].join(' ').trim() || undefined;
  const head = columns.map((column) => {
    const order = column.title !== sort ? 'none' : isReversed ? 'descending' : 'ascending';
    const why = column.isIdle ? `${column.title} hardly matters` : undefined;
    const button = make(
      'button',
      { type: 'button', class: 'plain', title: why, onclick: () => sortBy(column.title) },
      column.title,
    );
    return make('th', { scope: 'col', class: kindOf(column), 'aria-sort': order }, button);
  });
  const body = found.slice(0, shown).map((trial) =>
    make(
      'tr',
      {},
      columns.map((column, place) => {
        const attributes = { class: kindOf(column), ...(place === 0 && { scope: 'row' }) };
        return make(place === 0 ? 'th' : 'td', attributes, column.text(trial));
      }),
    ),
  );
  return make(
    'div',
    { class: 'scroll tall', tabindex: '0', role: 'region', 'aria-label': 'trials' },
    make(
      'table',
      { class: 'dense' },
      make('caption', {}, `${caption}${isCut ? ' (of a long study: the latest and the fastest)' : ''}`),
      make('thead', {}, make('tr', {}, head)),
      make('tbody', {}, body),
    ),
  );
}

/**
 * @param {StudyData} page
 * @param {Wish} wish
 * @param {(change: Partial<Wish>) => void} set
 */
function controls(page, { state }, set) {
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

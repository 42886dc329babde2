import { choice, make } from '../dom.js';
import { isUnderWay, statusOf } from '../status.js';
import { fastestOf, subjectOf } from './study-row.js';

/** @import { ListedStudy } from '../../served/data.js' */

/** Studies at work first, then those that can go on, then those that have ended. */
const STANDINGS = ['at work', 'waiting', 'interrupted', 'paused', 'not begun', 'failed', 'ended'];
const SHOWN = ['all states', ...STANDINGS];

/** @typedef {Readonly<{ title: string, number?: boolean, isGreatestFirst?: boolean, key: (study: ListedStudy) => number | string }>} Column */

/** @param {Readonly<{ value: number } | { unknown: string }>} figure */
const gainKey = (figure) => ('value' in figure ? -figure.value : Number.POSITIVE_INFINITY);

/**
 * The columns that can be sorted by. The greatest gain and the shortest time come first.
 * @type {readonly Column[]}
 */
export const COLUMNS = [
  { title: 'study', key: (study) => `${subjectOf(study)} ${study.target}` },
  { title: 'state', key: (study) => STANDINGS.indexOf(standingOf(study)) },
  { title: 'trials', number: true, isGreatestFirst: true, key: ({ trials }) => -trials },
  {
    title: 'fastest of the search',
    number: true,
    key: (study) => fastestOf(study) ?? Number.POSITIVE_INFINITY,
  },
  { title: 'compared', number: true, key: ({ comparedUs }) => comparedUs ?? Number.POSITIVE_INFINITY },
  {
    title: 'gain over default',
    number: true,
    isGreatestFirst: true,
    key: ({ gainOverDefault }) => gainKey(gainOverDefault),
  },
];

/**
 * As the terminal's list has it.
 * @param {string | null} stoppedBy
 */
function isFailure(stoppedBy) {
  return stoppedBy === 'failing' || (stoppedBy?.startsWith('failed: ') ?? false);
}

/** @param {ListedStudy} study */
export function standingOf(study) {
  if (study.state === 'paused') return 'paused';
  const word = statusOf(study);
  if (word === 'waiting' || word === 'interrupted' || word === 'not begun') return word;
  if (isUnderWay(study)) return 'at work';
  const isBroken = study.trials > 0 && study.timed === 0 && study.stoppedBy !== null;
  return isFailure(study.stoppedBy) || isBroken ? 'failed' : 'ended';
}

/**
 * What the reader wants to see of the list; `changed` is called after each change.
 * @param {() => void} changed
 */
export function listChoice(changed) {
  const wish = { words: '', standing: SHOWN[0], column: 'state', isReversed: false };
  const filter = make('input', {
    type: 'search',
    placeholder: 'gelu edge-2mib',
    size: 22,
    'aria-label': 'only studies with these words',
  });
  filter.addEventListener('input', () => {
    wish.words = filter.value;
    changed();
  });
  const standing = choice('show', SHOWN, wish.standing, (word) => {
    wish.standing = word;
    changed();
  });
  /** @param {string} title */
  const sortBy = (title) => {
    wish.isReversed = wish.column === title && !wish.isReversed;
    wish.column = title;
    changed();
  };
  const head = sortHead(wish, sortBy);
  return { controls: [filter, standing, head.choices], head, listOf: sorted(wish) };
}

/**
 * The heads of the columns, a button each, and the same as a choice for narrow screens, which have no heads; `show` marks
 * the one that is sorted by.
 * @param {Readonly<{ column: string, isReversed: boolean }>} wish
 * @param {(title: string) => void} sortBy
 */
function sortHead(wish, sortBy) {
  const heads = COLUMNS.map(({ title, number }) =>
    make(
      'th',
      { scope: 'col', role: 'columnheader', class: number ? 'n' : undefined },
      make('button', { type: 'button', class: 'plain', onclick: () => sortBy(title) }, title),
    ),
  );
  const titles = COLUMNS.map(({ title }) => title);
  const column = choice('sort by', titles, wish.column, sortBy);
  const turn = make('button', { type: 'button', onclick: () => sortBy(wish.column) });
  const select = column.querySelector('select');
  const show = () => {
    if (select !== null) select.selectedIndex = titles.indexOf(wish.column);
    const order = orderOf(COLUMNS[titles.indexOf(wish.column)], wish.isReversed);
    turn.textContent = order === 'ascending' ? '▲ least first' : '▼ greatest first';
    heads.forEach((head, place) => {
      const isSorted = COLUMNS[place].title === wish.column;
      head.setAttribute('aria-sort', isSorted ? orderOf(COLUMNS[place], wish.isReversed) : 'none');
    });
  };
  return { heads, choices: make('span', { class: 'narrow controls' }, column, turn), show };
}

/**
 * Whether what is shown first is the least or the greatest.
 * @param {Column} column
 * @param {boolean} isReversed
 */
function orderOf({ isGreatestFirst = false }, isReversed) {
  return isGreatestFirst === isReversed ? 'ascending' : 'descending';
}

/** @param {Readonly<{ words: string, standing: string, column: string, isReversed: boolean }>} wish */
function sorted(wish) {
  /**
   * @param {readonly ListedStudy[]} studies newest first
   * @returns {readonly ListedStudy[]}
   */
  return (studies) => {
    const wanted = wish.words.split(/\s+/).filter((word) => word !== '');
    const key = COLUMNS.find(({ title }) => title === wish.column)?.key ?? COLUMNS[0].key;
    const found = studies
      .filter((study) => wish.standing === SHOWN[0] || standingOf(study) === wish.standing)
      .filter((study) => {
        const text = `${subjectOf(study)} ${study.target}${study.asked} ${statusOf(study)} ${study.id}`;
        return wanted.every((word) => text.includes(word));
      })
      .map((study) => ({ study, at: key(study) }))
      .sort((a, b) => compare(a.at, b.at));
    return (wish.isReversed ? found.reverse() : found).map(({ study }) => study);
  };
}

/**
 * @param {number | string} a
 * @param {number | string} b
 */
function compare(a, b) {
  if (typeof a === 'number' && typeof b === 'number') return a === b ? 0 : a - b;
  return String(a).localeCompare(String(b), 'en', { numeric: true });
}

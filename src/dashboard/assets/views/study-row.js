import { breakable, make, refill } from '../dom.js';
import { fullName, shapeOf } from '../names.js';
import { count, overDefault, time, whole } from '../numbers.js';
import { progressOf, statusOf } from '../status.js';
import { steering, verbsFor } from '../steering.js';
import { timeLabels } from '../words.js';

/** @import { ListedStudy } from '../../served/data.js' */
/** @import { Unit } from '../numbers.js' */

/**
 * The name of a study's kernel with shape and dtype.
 * @param {ListedStudy} study
 */
export function subjectOf(study) {
  return [study.kernel, shapeOf(study)].filter((word) => word !== '').join(' ');
}

/**
 * The same of studies that ask the same question.
 * @param {Pick<ListedStudy, 'shape' | 'dtype' | 'target' | 'asked'> & Readonly<{ kernel?: string }>} study
 */
export function twinKey({ kernel, shape, dtype, target, asked }) {
  return JSON.stringify([kernel, shape, dtype, target, asked]);
}

/**
 * What a study's fastest trial took so far: during a visit, what the daemon tells of it.
 * @param {ListedStudy} study
 */
export function fastestOf({ fastestUs, progress }) {
  const live = typeof progress?.fastestUs === 'number' ? progress.fastestUs : Number.POSITIVE_INFINITY;
  const fastest = Math.min(live, fastestUs ?? Number.POSITIVE_INFINITY);
  return Number.isFinite(fastest) ? fastest : null;
}

/**
 * The time of the fastest trial; a dash before there is one, else why none has a time.
 * @param {ListedStudy} study
 * @param {Unit} unit
 */
function fastestWord(study, unit) {
  const { best, trials } = study;
  const why = 'unknown' in best && trials > 0 ? best : null;
  return time(fastestOf(study) ?? why, unit);
}

const TITLES = ['trials', 'fastest', 'compared', 'gain over default'];

/**
 * @param {ListedStudy} study
 * @param {Unit} unit
 */
function figuresOf(study, unit) {
  const { trials, progress, comparedUs } = study;
  // The store learns of trials in groups, later than the visit counts them.
  const settled = Math.max(trials, progress?.trials ?? 0);
  return [count(settled), fastestWord(study, unit), time(comparedUs, unit), gainWord(study)];
}

/**
 * Nothing but that the default is what to use leaves a compared study that seeks the time without a gain to tell.
 * @param {ListedStudy} study
 */
function gainWord({ gainOverDefault, comparedUs, objective }) {
  return overDefault(gainOverDefault, comparedUs !== null && objective === undefined);
}

/**
 * @param {readonly HTMLElement[]} cells
 * @param {ListedStudy} study
 * @param {Unit} unit
 */
function showFigures(cells, study, unit) {
  const figures = figuresOf(study, unit).map(whole);
  cells.forEach((cell, place) => {
    if (cell.textContent !== figures[place]) cell.textContent = figures[place];
  });
  const { gainOverDefault } = study;
  cells[cells.length - 1].title = 'why' in gainOverDefault ? gainOverDefault.why : '';
}

/**
 * Where a study's times are from, and what tells it from others of the same computation.
 * @param {Pick<ListedStudy, 'target' | 'from' | 'seed' | 'strategy' | 'asked'>} study
 * @param {readonly Readonly<{ strategy: string }>[]} twins all that ask the same, with itself
 */
export function placeOf({ target, from, seed, strategy, asked }, twins) {
  const place = `${target}, ${timeLabels[from]}${asked}`;
  if (twins.length < 2) return place;
  const isOther = twins.some((twin) => twin.strategy !== strategy);
  return `${place}${isOther ? `, strategy ${strategy}` : ''}, seed ${seed}`;
}

/**
 * A study's row, which is updated in place, so that no button moves while it is being clicked. Roles are stated, because
 * on a phone its cells are laid out as a card.
 * @param {ListedStudy} study
 * @param {Readonly<{ choose: (id: string, isChosen: boolean) => void, steered: (id: string) => void }>} listeners
 */
export function studyRow(study, { choose, steered }) {
  const { id, target } = study;
  const name = subjectOf(study);
  const box = make('input', { type: 'checkbox', 'aria-label': `compare ${name} on ${target}, ${id}` });
  box.addEventListener('change', () => choose(id, box.checked));
  const where = make('span', { class: 'where' });
  const link = make(
    'a',
    { href: `#/study/${id}`, 'aria-label': name },
    fullName(study.kernel, shapeOf(study)),
  );
  const [state, progress, buttons] = [
    make('span', { class: 'state' }),
    make('span'),
    make('span', { class: 'buttons' }),
  ];
  const cells = TITLES.map((title) => make('td', { class: 'n', role: 'cell', 'data-title': title }));
  const row = make(
    'tr',
    { role: 'row' },
    make('td', { class: 'box', role: 'cell' }, box),
    make('th', { scope: 'row', role: 'rowheader' }, link, where, make('span', { class: 'where' }, id)),
    make('td', { role: 'cell', class: 'standing' }, state, progress),
    cells,
    make('td', { role: 'cell', class: 'steer' }, buttons),
  );
  /** @type {string | undefined} */
  let shown;
  /** @type {(now: ListedStudy, twins: readonly ListedStudy[], unit: Unit) => void} */
  const update = (now, twins, unit) => {
    const place = placeOf(now, twins);
    if (where.textContent !== place) where.replaceChildren(...breakable(place));
    const word = statusOf(now);
    if (state.textContent !== word) state.textContent = word;
    progress.replaceChildren(...(now.progress === null ? [] : progressOf(now.progress, name)));
    showFigures(cells, now, unit);
    const verbs = verbsFor(now).join();
    if (verbs === shown) return;
    shown = verbs;
    refill(buttons, ...steering(now, `${name} on ${target}`, () => steered(id)));
  };
  return { row, update };
}

import { get } from '../api.js';
import { make, refill, table } from '../dom.js';
import { count, micros } from '../numbers.js';
import { paced } from '../paced.js';
import { progressOf, statusOf } from '../status.js';
import { steering, verbsFor } from '../steering.js';
import { timeLabels } from '../time-labels.js';

/** @import { ListedStudy, View } from '../../served/data.js' */

const COLUMNS = [
  { title: 'study' },
  { title: 'state' },
  { title: 'progress' },
  { title: 'trials', number: true },
  { title: 'best µs', number: true },
  { title: 'steer' },
  { title: 'compare' },
];
/** The least time between two updates of the list, in milliseconds. */
const PACE_MS = 700;

/** @typedef {ReturnType<typeof studyRow>} Row */
/** @typedef {(id: string, isChosen: boolean) => void} Choose */

/**
 * Every study, newest first, with live progress and time left.
 * @param {readonly string[]} _
 * @param {AbortSignal} signal
 * @returns {Promise<View>}
 */
export async function studiesView(_, signal) {
  const body = make('div');
  /** @type {Map<string, Row>} */
  const rows = new Map();
  const comparison = comparisonLink();
  let listed = '';

  const load = async () => {
    /** @type {readonly ListedStudy[]} */
    const studies = await get('/v1/studies', signal);
    for (const study of studies) {
      const row = rows.get(study.id) ?? studyRow(study, load, comparison.choose);
      rows.set(study.id, row);
      row.update(study, hasTwin(study, studies));
    }
    // Redraw the list only if its studies changed, so that no button moves while it is being clicked.
    const now = studies.map(({ id }) => id).join();
    if (now === listed && listed !== '') return;
    listed = now;
    body.replaceChildren(...(studies.length === 0 ? [nothing()] : listing(studies, rows, comparison.link)));
  };
  await load();
  return {
    title: 'Studies',
    nodes: [make('h1', {}, 'Studies'), body],
    refresh: paced(() => load().catch(() => {}), PACE_MS),
  };
}

function nothing() {
  return make(
    'p',
    { class: 'soft' },
    'No studies yet: `nightshift submit plan.yaml` hands the daemon a plan.',
  );
}

/**
 * @param {readonly ListedStudy[]} studies
 * @param {ReadonlyMap<string, Row>} rows
 * @param {HTMLElement} link
 */
function listing(studies, rows, link) {
  const kernels = [...new Set(studies.map(({ kernel }) => kernel))].sort();
  const links = kernels.map((kernel) =>
    make('a', { href: `#/kernel/${encodeURIComponent(kernel)}` }, kernel),
  );
  return [
    table(
      'All studies, newest first',
      COLUMNS,
      studies.map(({ id }) => rows.get(id)?.cells ?? []),
    ),
    make('p', {}, link),
    make('h2', {}, 'Kernels'),
    make('p', { class: 'controls' }, links),
  ];
}

/**
 * Whether another study has the same kernel, shape, dtype and target.
 * @param {ListedStudy} study
 * @param {readonly ListedStudy[]} studies
 */
function hasTwin(study, studies) {
  return studies.some(
    (other) =>
      other.id !== study.id &&
      /** @type {const} */ (['kernel', 'shape', 'dtype', 'target']).every(
        (field) => other[field] === study[field],
      ),
  );
}

/**
 * The cells of a study, which are updated in place.
 * @param {ListedStudy} study
 * @param {() => void} load
 * @param {Choose} choose
 */
function studyRow({ id, kernel, shape, dtype, target, from, seed, restrictedTo }, load, choose) {
  const name = [kernel, shape, dtype].filter((word) => word !== '' && word !== '-').join(' ');
  const [state, progress, trials, best, buttons] = Array.from({ length: 5 }, () => make('span'));
  buttons.className = 'buttons';
  const box = make('input', {
    type: 'checkbox',
    'aria-label': `compare ${name} on ${target}, ${id}`,
  });
  box.addEventListener('change', () => choose(id, box.checked));
  const where = make('span', { class: 'where' });
  const link = [make('a', { href: `#/study/${id}` }, name), where];
  /** @type {string | undefined} */
  let shown;
  return {
    cells: [link, state, progress, trials, best, buttons, box],
    /**
     * @param {ListedStudy} study
     * @param {boolean} isOneOfTwo
     */
    update(study, isOneOfTwo) {
      const which = isOneOfTwo ? `, seed ${seed}` : '';
      const only = restrictedTo === '' ? '' : `, only ${restrictedTo}`;
      where.textContent = ` on ${target}, ${timeLabels[from]}${which}${only}`;
      state.textContent = statusOf(study);
      progress.replaceChildren(...(study.progress === null ? [] : progressOf(study.progress, name)));
      trials.textContent = count(study.trials);
      best.textContent = bestOf(study);
      const verbs = verbsFor(study).join();
      if (verbs === shown) return;
      shown = verbs;
      refill(buttons, ...steering(study, `${name} on ${target}`, load));
    },
  };
}

/**
 * The best time of a study or of its visit, else why there is none.
 * @param {ListedStudy} study
 */
function bestOf({ best, progress }) {
  if (typeof progress?.bestUs === 'number') return micros(progress.bestUs);
  return micros('unknown' in best ? best : best.timeUs);
}

/** A link to the comparison, active once two studies are chosen. */
function comparisonLink() {
  /** @type {Set<string>} */
  const chosen = new Set();
  const link = make('a', { class: 'soft', 'aria-live': 'polite' }, 'choose two studies to compare them');
  /** @type {Choose} */
  const choose = (id, isChosen) => {
    if (isChosen) chosen.add(id);
    else chosen.delete(id);
    const [a, b] = chosen;
    const isPair = chosen.size === 2;
    if (isPair) link.setAttribute('href', `#/compare/${a}/${b}`);
    else link.removeAttribute('href');
    link.textContent = isPair ? 'compare the two' : 'choose two studies to compare them';
  };
  return { link, choose };
}

import { get } from '../api.js';
import { make, table } from '../dom.js';
import { count, duration, micros, TIMES } from '../numbers.js';
import { steering } from '../steering.js';

const COLUMNS = [
  { title: 'study' },
  { title: 'target' },
  { title: 'times' },
  { title: 'state' },
  { title: 'progress' },
  { title: 'trials', number: true },
  { title: 'best µs', number: true },
  { title: '' },
  { title: 'compare' },
];
/** Between two looks at the list while studies go on. Milliseconds. */
const PACE_MS = 700;

/** Every study, newest first, with live progress and time left. */
export async function studiesView(_, signal) {
  const body = make('div');
  const chosen = new Set();
  const link = make('a', { class: 'soft', 'aria-live': 'polite' }, 'choose two studies to compare them');

  const choose = (id, isChosen) => {
    if (isChosen) chosen.add(id);
    else chosen.delete(id);
    const [a, b] = chosen;
    if (chosen.size === 2) link.setAttribute('href', `#/compare/${a}/${b}`);
    else link.removeAttribute('href');
    link.textContent = chosen.size === 2 ? 'compare the two' : 'choose two studies to compare them';
  };

  const load = async () => {
    const studies = await get('/v1/studies', signal);
    const focused = document.activeElement?.getAttribute('aria-label');
    const rows = studies.map((study) => rowOf(study, load, chosen.has(study.id), choose));
    const kernels = [...new Set(studies.map(({ kernel }) => kernel))].sort();
    body.replaceChildren(
      studies.length === 0
        ? make('p', { class: 'soft' }, 'No studies yet: `nightshift submit plan.yaml` hands the daemon a plan.')
        : table('All studies', COLUMNS, rows),
      make('p', {}, link),
      make('h2', {}, 'Kernels'),
      make('p', { class: 'controls' }, kernels.map((kernel) => make('a', { href: `#/kernel/${encodeURIComponent(kernel)}` }, kernel))),
    );
    if (focused !== null && focused !== undefined) body.querySelector(`[aria-label="${CSS.escape(focused)}"]`)?.focus();
  };
  await load();
  return { title: 'Studies', nodes: [make('h1', {}, 'Studies'), body], refresh: paced(() => load().catch(() => {}), PACE_MS) };
}

function rowOf(study, load, isChosen, choose) {
  const { id, kernel, shape, dtype, target, from, state, trials, best, progress } = study;
  const name = [kernel, shape, dtype].filter((word) => word !== '' && word !== '-').join(' ');
  const box = make('input', {
    type: 'checkbox',
    checked: isChosen,
    'aria-label': `compare ${name} ${id}`,
    onchange: () => choose(id, box.checked),
  });
  return [
    make('a', { href: `#/study/${id}` }, name),
    target,
    TIMES[from],
    progress === null ? state : 'being tuned',
    progress === null ? '' : progressOf(progress, name),
    count(trials),
    micros(progress?.bestUs ?? best?.timeUs),
    make('span', { class: 'controls' }, steering(study, `${name} on ${target}`, load)),
    box,
  ];
}

function progressOf({ trials, of, leftMs }, name) {
  const bar = of === null ? null : make('progress', { max: of, value: trials, 'aria-label': `progress of ${name}` });
  const left = duration(leftMs);
  return make('span', {}, bar, ` ${count(trials)}${of === null ? '' : ` of ${count(of)}`}${left === '' ? '' : `, ${left} left`}`);
}

/** Calls at most so often, and once more after the last time it was asked. */
export function paced(act, everyMs) {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    setTimeout(() => {
      waiting = false;
      act();
    }, everyMs);
  };
}

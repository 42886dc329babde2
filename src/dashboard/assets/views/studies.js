import { get } from '../api.js';
import { make, refill } from '../dom.js';
import { released } from '../held.js';
import { count, unitFor } from '../numbers.js';
import { paced } from '../paced.js';
import { listChoice, standingOf } from './list-choice.js';
import { planBanners } from './plan-banner.js';
import { fastestOf, studyRow, twinKey } from './study-row.js';

/** @import { ListedStudy, PageEvent, View } from '../../served/data.js' */

/** The least time between two updates of the list, in milliseconds. */
const PACE_MS = 700;
/** Ends of studies change a plan's sums, which take a while to read. */
const PLANS_PACE_MS = 3000;
/** Rows shown at first, and added by each click on "more"; on a phone, where each is a card, fewer. */
const PAGE = matchMedia('(width < 40rem)').matches ? 25 : 100;

/**
 * Every study, those at work first, with live progress and time left. Events say most of what changes; only a study that
 * began or ended is fetched anew.
 * @param {readonly string[]} _
 * @param {AbortSignal} signal
 * @returns {Promise<View>}
 */
export async function studiesView(_, signal) {
  /** @type {Map<string, ListedStudy>} newest first */
  let studies = new Map();
  const list = studyList((id) => inTurn(id, () => fetchOne(id)));
  const inTurn = turns();
  const reload = () => inTurn('all', () => load().then(show));
  const banners = planBanners(signal, () => reload());
  const load = async () => {
    /** @type {readonly ListedStudy[]} */
    const all = await get('/dashboard/data/listed', signal);
    studies = new Map(all.map((study) => [study.id, study]));
    await banners.load();
  };
  const show = () => {
    banners.show(studies);
    list.show([...studies.values()]);
  };
  const later = paced(() => released().then(show), PACE_MS);
  const plansLater = paced(() => banners.load().then(show, () => {}), PLANS_PACE_MS);
  /** @param {string} id */
  const fetchOne = async (id) => {
    const isNew = !studies.has(id);
    /** @type {ListedStudy} */
    const study = await get(`/dashboard/data/listed/${encodeURIComponent(id)}`, signal);
    studies = isNew ? new Map([[id, study], ...studies]) : studies.set(id, study);
    later();
  };
  await load();
  show();
  return {
    title: 'Studies',
    nodes: [make('h1', {}, 'Studies'), banners.box, list.box],
    refresh: (event) => {
      const known = 'study' in event && event.study !== null ? studies.get(event.study) : undefined;
      const told = known === undefined ? undefined : toldBy(event, known);
      if (known !== undefined && told !== undefined) {
        studies.set(known.id, told);
        return later();
      }
      if (event.kind === 'reset' || event.kind === 'plan') reload();
      else if (event.study !== null) {
        const { study } = event;
        inTurn(study, () => fetchOne(study));
      }
      if (event.kind === 'ended') plansLater();
    },
  };
}

/**
 * Does requests one after the other, so that no older answer replaces a newer one. One that waits already is not asked for
 * twice.
 * @returns {(what: string, ask: () => Promise<unknown>) => void}
 */
function turns() {
  /** @type {Set<string>} */
  const waiting = new Set();
  /** @type {Promise<unknown>} */
  let last = Promise.resolve();
  return (what, ask) => {
    if (waiting.has(what)) return;
    waiting.add(what);
    last = last.then(() => {
      waiting.delete(what);
      return ask().catch(() => {});
    });
  };
}

/**
 * The study after an event that says all that changed; undefined after another.
 * @param {PageEvent} event
 * @param {ListedStudy} study
 * @returns {ListedStudy | undefined}
 */
function toldBy(event, study) {
  if (event.kind === 'improved')
    return { ...study, fastestUs: Math.min(event.timeUs, study.fastestUs ?? Infinity) };
  if (event.kind !== 'progress' || study.progress === null) return undefined;
  const { trials, of, files, leftMs, fastestUs, rounds, trouble } = event;
  const more = Math.max(0, trials - study.progress.trials);
  return {
    ...study,
    trials: study.trials + more,
    progress: { trials, of, files, leftMs, fastestUs, rounds, trouble },
  };
}

/** @param {(id: string) => void} steered */
function studyList(steered) {
  const comparison = comparisonLink();
  const rows = rowsFor({ choose: comparison.choose, steered });
  /** @type {readonly ListedStudy[]} */
  let studies = [];
  let most = PAGE;
  const redraw = () => show(studies);
  const chosen = listChoice(redraw);
  const totals = make('span', { class: 'soft', role: 'status' });
  const body = make('tbody', { role: 'rowgroup' });
  const showMore = () => {
    most += PAGE;
    redraw();
  };
  const more = make('button', { type: 'button', onclick: showMore });
  const kernels = make('p', { class: 'controls' });
  const bar = make('div', { class: 'controls bar' }, chosen.controls, totals, comparison.link);
  const listed = [
    bar,
    tableOf(chosen.head.heads, body),
    make('p', {}, more),
    make('h2', {}, 'Kernels'),
    kernels,
  ];
  const box = make('div');
  /** @param {readonly ListedStudy[]} now */
  const show = (now) => {
    studies = now;
    if (now.length === 0) return box.replaceChildren(nothing());
    if (!bar.isConnected) box.replaceChildren(...listed);
    const found = chosen.listOf(now);
    const drawn = rows.of(found.slice(0, most), now);
    chosen.head.show();
    // Move rows only if their order changed, so that no button moves while it is being clicked.
    if (drawn.length !== body.children.length || drawn.some((row, place) => row !== body.children[place]))
      refill(body, ...drawn);
    totals.textContent = totalsOf(now, found);
    more.hidden = drawn.length === found.length;
    more.textContent = `show ${count(Math.min(PAGE, found.length - drawn.length))} more studies`;
    showKernels(kernels, now);
  };
  return { box, show };
}

/**
 * The rows of studies, each made once.
 * @param {Parameters<typeof studyRow>[1]} listeners
 */
function rowsFor(listeners) {
  /** @type {Map<string, ReturnType<typeof studyRow>>} */
  const rows = new Map();
  /** @type {(shown: readonly ListedStudy[], all: readonly ListedStudy[]) => readonly HTMLElement[]} */
  const of = (shown, all) => {
    const twins = twinsAmong(all);
    const unit = unitFor(shown.flatMap((study) => [fastestOf(study), study.comparedUs]));
    return shown.map((study) => {
      const row = rows.get(study.id) ?? studyRow(study, listeners);
      rows.set(study.id, row);
      row.update(study, twins.get(twinKey(study)) ?? [], unit);
      return row.row;
    });
  };
  return { of };
}

/**
 * @param {readonly HTMLElement[]} heads
 * @param {HTMLElement} body
 */
function tableOf(heads, body) {
  return make(
    'table',
    { class: 'studies', role: 'table' },
    make('caption', { class: 'unseen' }, 'All studies'),
    make(
      'thead',
      { role: 'rowgroup' },
      make(
        'tr',
        { role: 'row' },
        make('td', { role: 'cell' }),
        heads,
        make('th', { scope: 'col', role: 'columnheader' }, 'steer'),
      ),
    ),
    body,
  );
}

function nothing() {
  return make(
    'p',
    { class: 'soft' },
    'No studies yet: `nightshift submit plan.yaml` hands the daemon a plan.',
  );
}

/**
 * "312 studies: 2 at work, 310 ended; 18,432 trials".
 * @param {readonly ListedStudy[]} all
 * @param {readonly ListedStudy[]} found
 */
function totalsOf(all, found) {
  /** @type {Map<string, number>} */
  const standings = new Map();
  for (const study of found) standings.set(standingOf(study), (standings.get(standingOf(study)) ?? 0) + 1);
  const words = [...standings].map(([standing, number]) => `${count(number)} ${standing}`);
  const trials = found.reduce((sum, study) => sum + study.trials, 0);
  const of = found.length === all.length ? '' : ` of ${count(all.length)}`;
  const list = words.length === 0 ? '' : `: ${words.join(', ')}; ${count(trials)} trials`;
  return `${count(found.length)}${of} ${all.length === 1 ? 'study' : 'studies'}${list}`;
}

/**
 * @param {HTMLElement} box
 * @param {readonly ListedStudy[]} studies
 */
function showKernels(box, studies) {
  const names = [...new Set(studies.map(({ kernel }) => kernel))].sort();
  if (box.children.length === names.length) return;
  box.replaceChildren(
    ...names.map((name) => make('a', { href: `#/kernel/${encodeURIComponent(name)}` }, name)),
  );
}

/**
 * Those that ask the same question, by what they ask.
 * @param {readonly ListedStudy[]} studies
 */
function twinsAmong(studies) {
  /** @type {Map<string, ListedStudy[]>} */
  const twins = new Map();
  for (const study of studies) {
    const key = twinKey(study);
    const known = twins.get(key);
    if (known === undefined) twins.set(key, [study]);
    else known.push(study);
  }
  return twins;
}

/** A link to the comparison, active once two studies are chosen. */
function comparisonLink() {
  /** @type {Set<string>} */
  const chosen = new Set();
  const link = make('a', { class: 'soft', 'aria-live': 'polite' }, 'choose two studies to compare them');
  /** @type {(id: string, isChosen: boolean) => void} */
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

import { get } from '../api.js';
import { bestSoFarChart } from '../charts/best-so-far.js';
import { breakable, drawing, inPlace, make, messageOf, refill, table } from '../dom.js';
import { count, decimals, gain, time, unitFor } from '../numbers.js';
import { paced } from '../paced.js';
import { progressOf, statusOf } from '../status.js';
import { steering } from '../steering.js';
import { isOfTrials, studyData } from '../study-data.js';
import { timeLabels } from '../words.js';
import { spaceSection } from './space.js';
import { timelinesSection } from './timelines.js';
import { trialsTable } from './trials.js';
import { whatIfSection } from './what-if.js';
import { whySection } from './why.js';

/** @import { PageImportance, StudyData, View } from '../../served/data.js' */

const PACE_MS = 1500;
const LATER =
  'From its first trial on this page shows the best time so far, every trial, and what matters; once it has ended, the configuration to use with its gain, and why it wins.';
/** @type {Readonly<Record<string, string>>} */
const MECHANISMS = { vec: 'Vec', mt: 'MT', db: 'DB' };

/** @typedef {NonNullable<StudyData['findings']>} Findings */

/**
 * One study: findings, best time over trials, and the trials over the space.
 * @param {readonly string[]} words
 * @param {AbortSignal} signal
 * @returns {Promise<View>}
 */
export async function studyView([id], signal) {
  const data = studyData(id, signal);
  let page = await data.whole();
  /** @returns {Promise<PageImportance>} */
  const importance = () => get(`/dashboard/data/importance/${encodeURIComponent(id)}`, signal);
  const parts = partsOf(() => page, importance);
  const answers = lazyAnswers(id, signal);
  /** Whether more than trials may have changed. */
  let isWhole = false;
  const refresh = async () => {
    const load = isWhole ? data.whole : data.more;
    const was = JSON.stringify(page.findings);
    isWhole = false;
    try {
      page = await load();
      const isNewlyFound = JSON.stringify(page.findings) !== was;
      parts.show(again, isNewlyFound);
      if (isNewlyFound && page.findings?.best) answers.load();
    } catch (error) {
      if (!signal.aborted) parts.head.replaceChildren(make('p', { class: 'warning' }, messageOf(error)));
    }
  };
  const later = paced(refresh, PACE_MS);
  const again = () => {
    isWhole = true;
    later();
  };
  parts.show(again, true);
  if (page.findings?.best) answers.load();
  return {
    title: page.title,
    nodes: nodesOf(parts, answers.box),
    refresh: (event) => {
      if (event.kind !== 'reset' && !('study' in event && event.study === id)) return;
      if (isOfTrials(event)) later();
      else again();
    },
  };
}

/**
 * The parts of the page, which `show` fills and updates in place.
 * @param {() => StudyData} pageNow
 * @param {() => Promise<PageImportance>} importance
 */
function partsOf(pageNow, importance) {
  const [head, found] = [make('div'), make('div')];
  const curve = bestSoFarChart(pageNow());
  const best = make('section', {}, make('h2', {}, 'Best so far'), curve.box);
  const trials = trialsTable(pageNow);
  const space = spaceSection(pageNow, importance, trials);
  const search = make('p', { class: 'soft' });
  const repeat = make('pre', { tabindex: '0', 'aria-label': 'commands that repeat this study' });
  /** @type {(refresh: () => void, isNewlyFound: boolean) => void} */
  const show = (refresh, isNewlyFound) => {
    const page = pageNow();
    refill(head, ...headOf(page, refresh));
    if (isNewlyFound) refill(found, ...foundOf(page));
    search.textContent = page.search;
    repeat.hidden = page.repeat === null;
    repeat.replaceChildren(...breakable(page.repeat ?? ''));
    // Before the first trial there is nothing to show, before the first valid one nothing to draw: the head says so.
    trials.box.hidden = page.settled === 0;
    const isTimed = page.trials.some(({ timeUs }) => timeUs !== null);
    for (const part of [best, space.importance, space.box]) part.hidden = !isTimed;
    curve.update(page);
    space.show();
    trials.show();
  };
  return { best, head, found, space, trials, search, repeat, show };
}

/**
 * What takes longer to compute than a page may, one after the other: why the configuration to use wins, timelines, and
 * what another machine would change.
 * @param {string} id
 * @param {AbortSignal} signal
 */
function lazyAnswers(id, signal) {
  const title = 'The default and what to use on one axis of time, simulated';
  /** @type {Map<string, number>} what the reader moved, also when there is something new to say */
  const machine = new Map();
  /** @type {readonly (() => Promise<readonly Node[]>)[]} */
  const sections = [
    () => whySection(id, signal),
    () => timelinesSection(title, encodeURIComponent(id), signal),
    () => whatIfSection(id, signal, machine),
  ];
  const boxes = sections.map(() => make('div'));
  let last = 0;
  const load = async () => {
    last += 1;
    const mine = last;
    for (const [place, section] of sections.entries()) {
      const nodes = await section().catch((error) => [make('p', { class: 'warning' }, messageOf(error))]);
      if (signal.aborted || mine !== last) return;
      // Until then the earlier ones stand there, so that nothing below them moves.
      inPlace(() => refill(boxes[place], ...nodes));
    }
  };
  return { box: make('div', {}, boxes), load: () => void load() };
}

/**
 * @param {ReturnType<typeof partsOf>} parts
 * @param {HTMLElement} answers
 */
function nodesOf({ best, head, found, space, trials, search, repeat }, answers) {
  return [
    head,
    best,
    found,
    answers,
    space.importance,
    space.box,
    trials.box,
    make('h2', {}, 'How it was searched'),
    search,
    repeat,
  ];
}

/**
 * @param {StudyData} page
 * @param {() => void} refresh
 */
function headOf(page, refresh) {
  const { title, from, settled, findings, kernel, progress } = page;
  const study = { ...page, trials: settled };
  return [
    make('h1', {}, title, ' ', make('span', { class: 'badge' }, timeLabels[from])),
    make(
      'p',
      { class: 'controls' },
      `${statusOf(study)} · ${count(settled)} trials`,
      progress === null || progress.trials === 0
        ? null
        : make('span', {}, 'this visit: ', progressOf(progress, title)),
      steering(study, title, refresh),
      make('a', { href: `#/kernel/${encodeURIComponent(kernel.name)}` }, `all of ${kernel.name}`),
    ),
    headlineOf(page),
    ...(findings?.warnings ?? []).map((warning) => make('p', { class: 'warning' }, warning)),
  ];
}

/** @param {StudyData} page */
function headlineOf({ findings, curve, settled, waitsFor }) {
  if (settled === 0)
    return make('p', { class: 'soft' }, `${waitsFor ?? 'Nothing has been tried yet.'} ${LATER}`);
  if (findings === null) {
    const last = curve.improvements.at(-1);
    const soFar = `So far the fastest of the search took ${time(last?.timeUs)}; nothing is compared yet.`;
    return make('p', { class: 'soft' }, last === undefined ? 'No trial has been valid yet.' : soFar);
  }
  const factor = findings.gainOverDefault;
  const { best } = findings;
  if ('unknown' in factor) {
    const nothing = factor.unknown === 'not tried' ? 'Nothing was tried' : 'No trial was valid';
    const found = best === null ? nothing : time(best.timeUs);
    return make('p', { class: 'soft' }, `${found}: ${factor.why}.`);
  }
  const value = decimals(factor.value);
  const unit = unitFor([findings.default?.timeUs, best?.timeUs]);
  const [before, after] = [time(findings.default?.timeUs, unit), time(best?.timeUs, unit)];
  return make(
    'p',
    { class: 'headline' },
    make('b', { class: factor.value > 1 ? 'faster' : 'alike' }, `${value}×`),
    ` as fast as the default${gain(factor).slice(value.length + 1)}: ${before} → ${after} in the final comparison`,
  );
}

/**
 * @param {StudyData} page
 * @returns {Node[]}
 */
function foundOf({ figures, findings, gains, optima }) {
  if (findings === null) return [];
  /** @type {(title: string, node: Node | undefined) => HTMLElement | null} */
  const section = (title, node) =>
    node === undefined ? null : make('section', {}, make('h2', {}, title), node);
  return [
    make(
      'div',
      { class: 'cards' },
      section('Configurations to use', choices(findings)),
      section('Pareto optima', drawing(figures.front, 'Pareto optima')),
      section('What each mechanism is worth', worth(findings, gains)),
      [figures.ladder, figures.fixedTile, figures.shares].map(drawnSection),
    ),
    optima === null ? null : optimaTable(optima),
  ].filter((node) => node !== null);
}

/**
 * A drawing below its own title; null if there is none.
 * @param {string | null} markup
 */
function drawnSection(markup) {
  const drawn = drawing(markup, 'Figure');
  if (drawn === undefined) return null;
  const title = drawn.querySelector('title')?.textContent ?? '';
  drawn.setAttribute('aria-label', title);
  return make('section', {}, make('h2', {}, title), drawn);
}

/**
 * A row for each Pareto optimum, and one for the default.
 * @param {NonNullable<StudyData['optima']>} optima
 */
function optimaTable({ caption, titles, rows, left }) {
  const last = titles.length - 1;
  const columns = titles.map((title, place) => ({ title, number: place > 0 && place < last }));
  const more = left === 0 ? null : make('p', { class: 'soft' }, `${left} more are in the study’s JSON.`);
  return make('section', {}, table(caption, columns, rows), more);
}

/**
 * A row for each mechanism, with the details below the table.
 * @param {Findings} findings
 * @param {readonly string[]} sentences
 */
function worth({ gains }, sentences) {
  const rows = Object.entries(gains).map(([mechanism, { alone, leftOut, forced }]) => [
    MECHANISMS[mechanism],
    ...[alone, leftOut, forced].map((each) => gain(each)),
  ]);
  if (rows.length === 0) return undefined;
  const titles = ['mechanism', 'alone', 'left out', 'forced'];
  return make(
    'div',
    {},
    table(
      'Gains by mechanism',
      titles.map((title) => ({ title })),
      rows,
    ),
    sentences.length === 0
      ? null
      : make('ul', { class: 'soft' }, ...sentences.map((text) => make('li', {}, text))),
  );
}

/** @param {Findings} findings */
function choices({ best, winner, default: preferred }) {
  if (best === null || winner === null) return undefined;
  const isSame = JSON.stringify(best.configuration) === JSON.stringify(winner.configuration);
  const fastest = isSame ? [] : [{ title: 'fastest', ...winner }];
  const before = preferred === null ? [] : [{ title: 'default', ...preferred }];
  const chosen = [...before, { title: 'use', ...best }, ...fastest];
  /** @type {(readonly import('../dom.js').Cell[])[]} */
  const rows = Object.keys(best.configuration).map((name) => [
    name,
    ...chosen.map(({ configuration }) => ({
      text: String(configuration[name]),
      kind: preferred !== null && configuration[name] !== preferred.configuration[name] ? 'changed' : '',
    })),
  ]);
  const unit = unitFor(chosen.map(({ timeUs }) => timeUs));
  rows.push(['time, compared', ...chosen.map(({ timeUs }) => time(timeUs, unit))]);
  return table(
    'Values of the parameters',
    [{ title: 'parameter' }, ...chosen.map(({ title }) => ({ title, number: true }))],
    rows,
  );
}

import { get } from '../api.js';
import { staircase } from '../charts/best-so-far.js';
import { planeChart } from '../charts/plane.js';
import { timeAxis } from '../charts/scale.js';
import { make, refill, table } from '../dom.js';
import { count, gain, overDefault, time, unitFor } from '../numbers.js';
import { paced } from '../paced.js';
import { isOfTrials, studyData } from '../study-data.js';
import { timeLabels } from '../words.js';
import { timelinesSection } from './timelines.js';
/** @import { Plane } from '../charts/plane-drawing.js' */
/** @import { PageEvent, StudyComparison, StudyData, View } from '../../served/data.js' */

/**
 * Two studies side by side.
 * @param {readonly string[]} ids
 * @param {AbortSignal} signal
 * @returns {Promise<View>}
 */
export async function compareView(ids, signal) {
  const [head, below] = [make('div'), make('div')];
  const studies = ids.map((id) => studyData(id, signal));
  /** @type {readonly StudyData[]} */
  let pages = await Promise.all(studies.map((study) => study.whole()));
  const chart = planeChart(curvesOf(pages));
  let isWhole = true;
  const load = async () => {
    const wasWhole = isWhole;
    isWhole = false;
    pages = await Promise.all(studies.map((study) => (wasWhole ? study.whole() : study.more())));
    chart.update(curvesOf(pages));
    chart.box.hidden = pages.every(({ curve }) => curve.improvements.length === 0);
    refill(below, sideBySide(pages));
    if (wasWhole) refill(head, ...headOf(await get(`/dashboard/data/compare/${words}`, signal), pages));
  };
  const words = ids.map(encodeURIComponent).join('/');
  await load();
  const timelines = make('div');
  timelinesSection('Both on one axis of time, simulated', words, signal)
    .then((nodes) => timelines.replaceChildren(...nodes))
    .catch(() => {});
  /** @param {PageEvent} event */
  const mine = (event) =>
    event.kind === 'reset' || ('study' in event && event.study !== null && ids.includes(event.study));
  const later = paced(() => load().catch(() => {}), 3000);
  return {
    title: 'Compare',
    nodes: [make('h1', {}, 'Two studies'), head, chart.box, below, timelines],
    refresh: (event) => {
      if (!mine(event)) return;
      if (!isOfTrials(event)) isWhole = true;
      later();
    },
  };
}

/**
 * Which two they are, the ratio of their times, and in what they ask another question.
 * @param {StudyComparison} comparison
 * @param {readonly StudyData[]} pages
 */
function headOf(comparison, pages) {
  const links = pages.map(({ id, title, from }) =>
    make(
      'li',
      {},
      `${shortId({ id })}: `,
      make('a', { href: `#/study/${id}` }, title),
      `, ${timeLabels[from]}`,
    ),
  );
  const unlike = unlikeOf(pages);
  const warning = `They are not alike: another ${unlike.join(', another ')}. What stands below is side by side, each by itself; a shorter time here is not a faster program.`;
  const asked = askedUnlike(pages);
  const note = `They were not asked the same: another ${asked.join(', another ')}. The ratio is of what each was asked for.`;
  return [
    make('ul', {}, links),
    verdict(comparison, pages),
    unlike.length === 0 ? null : make('p', { class: 'warning' }, warning),
    asked.length === 0 ? null : make('p', { class: 'warning' }, note),
    unlike.length + asked.length > 0 ? null : make('p', { class: 'soft' }, alikeWords(pages)),
  ].filter((node) => node !== null);
}

/**
 * What tells two searches of one question apart.
 * @param {readonly StudyData[]} pages
 */
function alikeWords(pages) {
  const [a, b] = pages.map(({ asked }) => count(asked.seed));
  if (a !== b) return `Both were asked the same; they differ by seed (${a} and ${b}).`;
  return 'Both were asked the same, with the same seed: they differ by what they ran on, or by the version.';
}

/** @param {Pick<StudyData, 'id'>} page */
function shortId({ id }) {
  return id.slice(0, 4);
}

/**
 * In what the two are unlike, with both words; empty for two studies of one question.
 * @param {readonly StudyData[]} pages
 */
function unlikeOf(pages) {
  const differing = /** @type {const} */ (['name', 'shape', 'dtype', 'target']).flatMap((key) => {
    const [a, b] = pages.map(({ kernel }) => kernel[key] || 'none');
    return a === b ? [] : [`${key === 'name' ? 'kernel' : key} (${a} and ${b})`];
  });
  const [a, b] = pages.map(({ from }) => timeLabels[from]);
  return a === b ? differing : [...differing, `kind of times (${a} and ${b})`];
}

/**
 * In what the two searches of one question or another were unlike, with both words.
 * @param {readonly StudyData[]} pages
 */
function askedUnlike(pages) {
  /** @type {(what: string, words: readonly string[]) => readonly string[]} */
  const unlike = (what, [a, b]) => (a === b ? [] : [`${what} (${a} and ${b})`]);
  return [
    ...unlike(
      'objective',
      pages.map(({ asked }) => asked.objective ?? 'time'),
    ),
    ...unlike(
      'space',
      pages.map(({ asked }) => (asked.restrictedTo === '' ? 'all of it' : `only ${asked.restrictedTo}`)),
    ),
    ...unlike(
      'strategy',
      pages.map(({ asked }) => asked.strategy),
    ),
  ];
}

/**
 * The ratio of times, or why there is none.
 * @param {StudyComparison} comparison
 * @param {readonly StudyData[]} pages
 */
function verdict(comparison, pages) {
  if (comparison.state === 'refused') return make('p', { class: 'warning' }, `No ratio: ${comparison.why}`);
  const { change } = comparison;
  if ('unknown' in change) return make('p', { class: 'soft' }, `No ratio: ${change.why}.`);
  const ids = pages.map(shortId);
  return make(
    'p',
    { class: 'headline' },
    `${ids[1]} takes `,
    make('b', { class: verdictOf(change) }, gain(change)),
    ` the time of ${ids[0]}`,
  );
}

/**
 * Green is for what is known to be faster, red for what is known to be slower.
 * @param {{ value: number, low: number | null, high: number | null }} change
 */
function verdictOf({ value, low, high }) {
  if ((high ?? value) < 1) return 'faster';
  return (low ?? value) > 1 ? 'slower' : 'alike';
}

/**
 * @param {readonly StudyData[]} pages
 * @returns {Plane}
 */
function curvesOf(pages) {
  const unit = unitFor(pages.flatMap(({ curve }) => curve.improvements.map(({ timeUs }) => timeUs)));
  const marks = pages.map(({ title, id, curve }, place) =>
    staircase(`${title.split(' on ')[0]} ${shortId({ id })}`, place === 0 ? '--vec' : '--mt', curve, unit),
  );
  return {
    label: 'Best time so far of both, as screened',
    x: { title: 'trials', kind: 'linear', text: (value) => (Number.isInteger(value) ? count(value) : '') },
    y: timeAxis('time (log), as screened', unit),
    marks,
  };
}

/**
 * All times of both are in one unit, so that numbers compare by eye.
 * @param {readonly StudyData[]} pages
 */
function sideBySide(pages) {
  const head = pages.map((page) => ({ title: shortId(page), number: true }));
  const isAlike = unlikeOf(pages).length === 0;
  return table(
    isAlike ? 'Findings; differing parameters are green' : 'Findings of each by itself',
    [{ title: 'what' }, ...head],
    [...findingRows(pages), ...configurationRows(pages, isAlike)],
    { isStacked: true },
  );
}

const NOT_YET = /** @type {const} */ ({ unknown: 'not tried', why: 'no visit has ended yet' });

/**
 * The gain over the default, which says why nothing has a time, too.
 * @param {StudyData['findings']} findings
 */
function whyNone(findings) {
  return findings?.gainOverDefault ?? NOT_YET;
}

/**
 * @param {number | undefined} timeUs
 * @param {StudyData['findings']} findings
 * @param {import('../numbers.js').Unit} unit
 */
function timeOf(timeUs, findings, unit) {
  const why = whyNone(findings);
  return time(timeUs ?? ('unknown' in why ? why : undefined), unit);
}

/** @param {readonly StudyData[]} pages */
function findingRows(pages) {
  const unit = unitFor(
    pages.flatMap(({ curve, findings }) => [curve.improvements.at(-1)?.timeUs, findings?.best?.timeUs]),
  );
  return [
    ['times', ...pages.map(({ from }) => timeLabels[from])],
    ['trials', ...pages.map(({ settled }) => count(settled))],
    [
      'fastest of the search',
      ...pages.map(({ curve, findings }) => timeOf(curve.improvements.at(-1)?.timeUs, findings, unit)),
    ],
    ['compared, to use', ...pages.map(({ findings }) => timeOf(findings?.best?.timeUs, findings, unit))],
    [
      'gain over default',
      ...pages.map(({ findings }) =>
        overDefault(whyNone(findings), findings?.best?.timeUs === findings?.default?.timeUs),
      ),
    ],
    .../** @type {const} */ (['vec', 'mt', 'db']).map((mechanism) => [
      `forced ${mechanism}`,
      ...pages.map(({ findings }) => gain(findings === null ? NOT_YET : findings.gains[mechanism]?.forced)),
    ]),
  ];
}

/**
 * What each found, parameter by parameter.
 * @param {readonly StudyData[]} pages
 * @param {boolean} isAlike whether a difference says anything
 */
function configurationRows(pages, isAlike) {
  const names = [...new Set(pages.flatMap(({ parameters }) => parameters.map(({ name }) => name)))];
  const use = pages.map(({ findings }) => findings?.best?.configuration ?? {});
  return names.map((name) => {
    const kind = isAlike && use[0][name] !== use[1][name] ? 'changed' : '';
    const has = pages.map(({ parameters }) => parameters.some((parameter) => parameter.name === name));
    return [
      name,
      ...use.map((configuration, place) => ({
        text: has[place] ? String(configuration[name] ?? '–') : 'no such parameter',
        kind: has[place] ? kind : 'idle',
      })),
    ];
  });
}

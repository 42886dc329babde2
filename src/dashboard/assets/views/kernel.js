import { get } from '../api.js';
import { planeChart } from '../charts/plane.js';
import { drawing, make, refill, table } from '../dom.js';
import { shapeOf } from '../names.js';
import { count, decimals, gain, overDefault, time, unitFor } from '../numbers.js';
import { paced } from '../paced.js';
import { placeOf, twinKey } from './study-row.js';

/** @import { Mark, Plane } from '../charts/plane-drawing.js' */
/** @import { BufferingPoint, KernelPage, View } from '../../served/data.js' */

/**
 * One kernel: its studies with their best times, gains of threads and double buffering over size, and of double buffering over intensity.
 * @param {readonly string[]} words
 * @param {AbortSignal} signal
 * @returns {Promise<View>}
 */
export async function kernelView([name], signal) {
  const body = make('div');
  const chart = planeChart(ratiosOf(name, []));
  const load = async () => {
    /** @type {KernelPage} */
    const { studies, scalings, buffering } = await get(
      `/dashboard/data/kernels/${encodeURIComponent(name)}`,
      signal,
    );
    refill(body, studiesOf(studies), ...sizes(scalings), ...ratios(buffering, chart.box));
    chart.update(ratiosOf(name, buffering));
  };
  await load();
  return {
    title: name,
    nodes: [make('h1', {}, name), body],
    refresh: paced(() => load().catch(() => {}), 3000),
  };
}

/** @param {KernelPage['studies']} studies */
function studiesOf(studies) {
  const columns = [
    { title: 'study' },
    { title: 'target' },
    { title: 'best, compared', number: true },
    { title: 'default', number: true },
    { title: 'gain over default', number: true },
    { title: 'trials', number: true },
  ];
  const unit = unitFor(studies.flatMap(({ bestUs, defaultUs }) => [bestUs, defaultUs]));
  const rows = studies.map((study) => [
    make('a', { href: `#/study/${study.id}` }, shapeOf(study) || study.id),
    placeOf(
      study,
      studies.filter((other) => twinKey(other) === twinKey(study)),
    ),
    time(study.bestUs, unit),
    time(study.defaultUs, unit),
    overDefault(study.gainOverDefault, study.bestUs === study.defaultUs),
    count(study.trials),
  ]);
  return table('Its studies', columns, rows);
}

/** @param {KernelPage['scalings']} scalings */
function sizes(scalings) {
  const drawn = scalings.filter(({ svg }) => svg !== null);
  if (drawn.length === 0)
    return [
      make(
        'p',
        { class: 'soft' },
        'A curve over sizes needs three sizes tuned on one target: use `nightshift scaling`, or a plan with `shapes`.',
      ),
    ];
  return [
    make(
      'div',
      { class: 'cards' },
      drawn.map(({ title, svg }) => make('section', {}, make('h2', {}, title), drawing(svg, title))),
    ),
  ];
}

const TONES = ['--db', '--mt', '--warn', '--bad'];

/**
 * Groups of points: this kernel's by target, and one of all other kernels.
 * @param {string} name
 * @param {readonly BufferingPoint[]} points
 */
function groupsOf(name, points) {
  const targets = [
    ...new Set(points.filter(({ kernel }) => kernel === name).map(({ target }) => target)),
  ].sort();
  /** @type {(name: string, tone: string, isWanted: (point: BufferingPoint) => boolean) => Mark} */
  const group = (title, tone, isWanted) => ({
    kind: 'dots',
    name: title,
    tone,
    points: points.filter(isWanted).map((point) => ({
      x: point.opsPerByte,
      y: point.forced.value,
      text: `${point.name}: ${gain(point.forced)}`,
    })),
  });
  return [
    group('other kernels', '--accent', ({ kernel }) => kernel !== name),
    ...targets.map((target, place) =>
      group(
        `${name} on ${target}`,
        TONES[place % TONES.length],
        (point) => point.kernel === name && point.target === target,
      ),
    ),
  ].filter((mark) => mark.kind === 'dots' && mark.points.length > 0);
}

/**
 * @param {string} name
 * @param {readonly BufferingPoint[]} points
 * @returns {Plane}
 */
function ratiosOf(name, points) {
  const at = points.map(({ opsPerByte }) => opsPerByte);
  const text = 'break-even: 1×';
  return {
    label: 'Forced gain of double buffering over operations per byte',
    x: { title: 'operations per byte (log)', kind: 'log', text: decimals },
    y: { title: 'gain (log)', kind: 'log', text: (value) => `${decimals(value)}×` },
    marks: [
      {
        kind: 'line',
        name: 'break-even',
        tone: '--soft',
        isDashed: true,
        points: [Math.min(...at), Math.max(...at)].map((x) => ({ x, y: 1, text })),
      },
      ...groupsOf(name, points),
    ],
  };
}

/**
 * @param {readonly BufferingPoint[]} points
 * @param {HTMLElement} chart
 */
function ratios(points, chart) {
  if (points.length === 0) return [];
  const rows = [...points]
    .sort((a, b) => a.opsPerByte - b.opsPerByte || a.name.localeCompare(b.name, 'en', { numeric: true }))
    .map(({ study, name: title, opsPerByte, forced }) => [
      make('a', { href: `#/study/${study}` }, title),
      decimals(opsPerByte),
      gain(forced),
    ]);
  return [
    make('h2', {}, 'DB against arithmetic intensity, all kernels on these targets'),
    make(
      'p',
      { class: 'soft' },
      'Forced gain of double buffering; below 1× it does not pay. Points of equal intensity are different sizes or targets.',
    ),
    chart,
    table(
      'The points in numbers',
      [
        { title: 'study' },
        { title: 'operations per byte', number: true },
        { title: 'forced gain', number: true },
      ],
      rows,
      // Names of studies are long.
      { isStacked: true },
    ),
  ];
}

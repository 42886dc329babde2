import { get } from '../api.js';
import { ratioChart } from '../charts/lines.js';
import { drawing, make, table } from '../dom.js';
import { decimals, gain } from '../numbers.js';
import { paced } from '../paced.js';
/** @import { BufferingPoint, KernelPage, View } from '../../served/data.js' */

/**
 * One kernel: gains of threads and double buffering over size, and of double buffering over intensity.
 * @param {readonly string[]} words
 * @param {AbortSignal} signal
 * @returns {Promise<View>}
 */
export async function kernelView([name], signal) {
  const body = make('div');
  const load = async () => {
    /** @type {KernelPage} */
    const { scalings, buffering } = await get(`/dashboard/data/kernels/${encodeURIComponent(name)}`, signal);
    body.replaceChildren(...sizes(scalings), ...ratios(name, buffering));
  };
  await load();
  return {
    title: name,
    nodes: [make('h1', {}, name), body],
    refresh: paced(() => load().catch(() => {}), 3000),
  };
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
  /** @param {(point: BufferingPoint) => boolean} isWanted */
  const pointsWhere = (isWanted) =>
    points.filter(isWanted).map(({ opsPerByte, forced }) => ({ x: opsPerByte, y: forced.value }));
  return [
    ...targets.map((target, place) => ({
      name: `${name} on ${target}`,
      tone: TONES[place % TONES.length],
      points: pointsWhere((point) => point.kernel === name && point.target === target),
    })),
    { name: 'other kernels', tone: '--accent', points: pointsWhere(({ kernel }) => kernel !== name) },
  ].filter((group) => group.points.length > 0);
}

/**
 * @param {string} name
 * @param {readonly BufferingPoint[]} points
 */
function ratios(name, points) {
  if (points.length === 0) return [];
  const chart = ratioChart(
    'Forced gain of double buffering over operations per byte',
    'operations per byte (log)',
    groupsOf(name, points),
  );
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
    chart.box,
    table(
      'The points in numbers',
      [{ title: 'study' }, { title: 'operations per byte', number: true }, { title: 'forced gain' }],
      rows,
    ),
  ];
}

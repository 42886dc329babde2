import { draw } from '../dom.js';
import { micros } from '../numbers.js';
import { toneOf } from './tones.js';

/** @import { PageParameter, PageTrial } from '../../served/data.js' */

const WIDTH = 1100;
const HEIGHT = 300;
const TOP = 34;
const BOTTOM = 24;
const SIDE = 60;
/** The most lines that stay distinguishable. */
const MOST = 400;

/**
 * A line for each trial through its values; faster lines are more opaque and drawn later.
 * @param {readonly PageParameter[]} parameters
 * @param {readonly PageTrial[]} trials
 */
export function parallelCoordinates(parameters, trials) {
  const kept = distinguishable(trials);
  const x = placesAcross(parameters.length);
  return draw(
    'svg',
    {
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      width: WIDTH,
      height: HEIGHT,
      class: 'figure parallel',
      role: 'img',
      'aria-label': `Parallel coordinates of ${kept.length} trials over ${parameters.map(({ name }) => name).join(', ')}`,
    },
    linesOf(kept, parameters, x),
    parameters.map((parameter, place) => axisOf(parameter, x(place))),
  );
}

/** @typedef {PageTrial & Readonly<{ timeUs: number }>} TimedTrial */

/**
 * The timed trials, fastest first; of many, the fastest and some of the others.
 * @param {readonly PageTrial[]} trials
 */
function distinguishable(trials) {
  const timed = trials
    .flatMap((trial) => (trial.timeUs === null ? [] : [{ ...trial, timeUs: trial.timeUs }]))
    .sort((a, b) => a.timeUs - b.timeUs);
  return timed.length <= MOST
    ? timed
    : [...timed.slice(0, MOST / 2), ...thinned(timed.slice(MOST / 2), MOST / 2)];
}

/**
 * @param {number} count
 * @returns {(place: number) => number}
 */
function placesAcross(count) {
  return (place) => SIDE + (place * (WIDTH - 2 * SIDE)) / Math.max(1, count - 1);
}

/**
 * @param {number} digit
 * @param {PageParameter} parameter
 */
function placeUp(digit, { values }) {
  return values.length === 1
    ? (TOP + HEIGHT - BOTTOM) / 2
    : HEIGHT - BOTTOM - (digit / (values.length - 1)) * (HEIGHT - TOP - BOTTOM);
}

/**
 * @param {readonly TimedTrial[]} kept
 * @param {readonly PageParameter[]} parameters
 * @param {(place: number) => number} x
 */
function linesOf(kept, parameters, x) {
  const tone = toneOf(kept.map(({ timeUs }) => timeUs));
  return [...kept].reverse().map(({ digits, timeUs, number }) =>
    draw(
      'polyline',
      {
        points: digits.map((digit, place) => `${x(place)},${placeUp(digit, parameters[place])}`).join(' '),
        fill: 'none',
        stroke: 'var(--accent)',
        'stroke-width': tone(timeUs) < 0.05 ? 2 : 1,
        opacity: (0.85 - 0.78 * tone(timeUs) ** 0.5).toFixed(3),
      },
      draw('title', {}, `trial ${number}: ${micros(timeUs)} µs`),
    ),
  );
}

/**
 * @param {PageParameter} parameter
 * @param {number} x
 */
function axisOf(parameter, x) {
  return draw(
    'g',
    {},
    draw('line', { x1: x, x2: x, y1: TOP, y2: HEIGHT - BOTTOM, class: 'axis' }),
    draw('text', { x, y: 16, 'text-anchor': 'middle', class: 'strong' }, parameter.name),
    ticksOf(parameter.values.length).map((digit) =>
      draw(
        'text',
        { x: x + 5, y: placeUp(digit, parameter) + 4, class: 'tick' },
        String(parameter.values[digit]),
      ),
    ),
  );
}

/** @param {number} count */
function ticksOf(count) {
  const step = Math.ceil(count / 8);
  return Array.from({ length: count }, (_, digit) => digit).filter(
    (digit) => digit % step === 0 || digit === count - 1,
  );
}

/**
 * @template T
 * @param {readonly T[]} list
 * @param {number} most
 */
function thinned(list, most) {
  return Array.from(
    { length: Math.min(most, list.length) },
    (_, place) => list[Math.floor((place * list.length) / most)],
  ).filter(Boolean);
}

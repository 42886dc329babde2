import { draw } from '../dom.js';
import { time, unitFor } from '../numbers.js';
import { legend } from './tone-legend.js';
import { colourAt, toneOf } from './tones.js';

/** @import { PageTrial } from '../../served/data.js' */

export const WIDTH = 1100;
export const HEIGHT = 300;
export const TOP = 34;
export const BOTTOM = 24;
export const SIDE = 60;
/** Of a letter beside an axis, and where the first one begins. */
const LETTER = 7;
const BESIDE = 7;
/** The most lines that stay distinguishable. */
const MOST = 400;

/** @typedef {PageTrial & Readonly<{ timeUs: number }>} TimedTrial */
/**
 * One axis: where it stands, how many values it has, how far up a trial passes (0 to 1), and what stands there.
 * @typedef {Readonly<{ name: string, x: number, steps: number,
 *   up: (trial: Pick<PageTrial, 'digits' | 'timeUs'>) => number, text: (up: number) => string }>} Axle
 */

/**
 * The lines with the key of their colours, the fastest on top; those that are not chosen are faint.
 * @param {readonly TimedTrial[]} trials fastest first
 * @param {readonly Axle[]} axles
 * @param {(trial: TimedTrial) => boolean} isChosen
 */
export function linesOf(trials, axles, isChosen) {
  const times = trials.map(({ timeUs }) => timeUs);
  const [tone, unit] = [toneOf(times), unitFor(times)];
  const others = trials.filter((trial) => !isChosen(trial));
  const drawn = [...distinguishable(trials.filter(isChosen)), ...distinguishable(others)];
  const key = legend(times, { x: SIDE + 30, y: HEIGHT - 18, others: '' });
  const lines = drawn.reverse().map((trial) => {
    const place = tone(trial.timeUs);
    const isOn = isChosen(trial);
    return draw(
      'polyline',
      {
        points: axles.map((axle) => `${axle.x.toFixed(1)},${heightOf(axle, trial).toFixed(1)}`).join(' '),
        fill: 'none',
        stroke: colourAt(place),
        'stroke-width': place < 0.05 ? 2 : 1,
        opacity: isOn ? (0.95 - 0.6 * place ** 0.5).toFixed(2) : '0.06',
      },
      draw('title', {}, `trial ${trial.number}: ${time(trial.timeUs, unit)}`),
    );
  });
  return [...lines, ...key.flat()];
}

/**
 * @param {Axle} axle
 * @param {TimedTrial} trial
 */
function heightOf({ up }, trial) {
  return pixelOf(up(trial));
}

/**
 * Of many trials, the fastest and some of the others.
 * @param {readonly TimedTrial[]} trials
 */
function distinguishable(trials) {
  if (trials.length <= MOST) return trials;
  const others = trials.slice(MOST / 2);
  const some = Array.from(
    { length: MOST / 2 },
    (_, place) => others[Math.floor((place * others.length * 2) / MOST)],
  );
  return [...trials.slice(0, MOST / 2), ...some];
}

/**
 * The chosen part of an axis, as places up it (0 to 1).
 * @typedef {Readonly<{ low: number, high: number }>} Brush
 */

/**
 * An axis, which can be focused; `brush` is its chosen part.
 * @param {Axle} axle
 * @param {Brush | undefined} brush
 */
export function drawAxle({ name, x, steps, text }, brush) {
  return draw(
    'g',
    {
      class: 'axle',
      tabindex: '0',
      role: 'slider',
      'data-axis': name,
      'aria-label': `${name}: arrow keys choose, with Shift they widen, Escape chooses all`,
      'aria-orientation': 'vertical',
      'aria-valuemin': '0',
      'aria-valuemax': '100',
      'aria-valuenow': String(Math.round(100 * (brush?.high ?? 1))),
      'aria-valuetext': brush === undefined ? 'all' : `${text(brush.low)} to ${text(brush.high)}`,
    },
    draw('rect', { x: x - 14, y: TOP - 6, width: 28, height: HEIGHT - TOP - BOTTOM + 12, class: 'grip' }),
    draw('line', { x1: x, x2: x, y1: TOP, y2: HEIGHT - BOTTOM, class: 'axis' }),
    brush === undefined ? null : drawBrush(x, brush),
    draw('text', { x, y: 16, 'text-anchor': 'middle', class: 'strong' }, name),
    ticksOf(steps).map((up) =>
      draw('text', { x: x + BESIDE, y: pixelOf(up) + 4, class: 'tick halo' }, text(up)),
    ),
  );
}

/**
 * Where up an axis there are words.
 * @param {number} steps
 */
function ticksOf(steps) {
  const every = Math.ceil(steps / 8);
  return Array.from({ length: steps }, (_, step) => step)
    .filter((step) => step % every === 0 || step === steps - 1)
    .map((step) => (steps === 1 ? 0.5 : step / (steps - 1)));
}

/**
 * How much room, in pixels, the longest words beside an axis need.
 * @param {Pick<Axle, 'steps' | 'text'>} axle
 */
export function roomBeside({ steps, text }) {
  return BESIDE + LETTER * Math.max(...ticksOf(steps).map((up) => text(up).length));
}

/** @param {number} up */
function pixelOf(up) {
  return HEIGHT - BOTTOM - up * (HEIGHT - TOP - BOTTOM);
}

/**
 * @param {number} x
 * @param {Brush} brush
 */
function drawBrush(x, { low, high }) {
  const y = pixelOf(high);
  return draw('rect', { x: x - 6, y, width: 12, height: Math.max(2, pixelOf(low) - y), class: 'brush' });
}

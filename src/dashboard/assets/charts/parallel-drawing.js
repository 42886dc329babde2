import { draw } from '../dom.js';
import { time } from '../numbers.js';
import { colourAt, toneOf } from './tones.js';

/** @import { PageTrial } from '../../served/data.js' */

export const WIDTH = 1100;
export const HEIGHT = 300;
export const TOP = 34;
export const BOTTOM = 24;
export const SIDE = 60;
/** The most lines that stay distinguishable. */
const MOST = 400;

/** @typedef {PageTrial & Readonly<{ timeUs: number }>} TimedTrial */
/**
 * One axis: where it stands, how many values it has, how far up a trial passes (0 to 1), and what stands there.
 * @typedef {Readonly<{ name: string, x: number, steps: number,
 *   up: (trial: Pick<PageTrial, 'digits' | 'timeUs'>) => number, text: (up: number) => string }>} Axle
 */

/**
 * The lines, the fastest on top; those that are not chosen are faint.
 * @param {readonly TimedTrial[]} trials fastest first
 * @param {readonly Axle[]} axles
 * @param {(trial: TimedTrial) => boolean} isChosen
 */
export function linesOf(trials, axles, isChosen) {
  const tone = toneOf(trials.map(({ timeUs }) => timeUs));
  const others = trials.filter((trial) => !isChosen(trial));
  const drawn = [...distinguishable(trials.filter(isChosen)), ...distinguishable(others)];
  return drawn.reverse().map((trial) => {
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
      draw('title', {}, `trial ${trial.number}: ${time(trial.timeUs)}`),
    );
  });
}

/**
 * @param {Axle} axle
 * @param {TimedTrial} trial
 */
function heightOf({ up }, trial) {
  return HEIGHT - BOTTOM - up(trial) * (HEIGHT - TOP - BOTTOM);
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

import { draw } from '../dom.js';
import { micros } from '../numbers.js';
import { toneOf } from './tones.js';

const WIDTH = 1100;
const HEIGHT = 300;
const TOP = 34;
const BOTTOM = 24;
const SIDE = 60;
/** The most lines that stay distinguishable. */
const MOST = 400;

/** A line for each trial through its values; faster lines are more opaque and drawn later. */
export function parallelCoordinates(parameters, trials) {
  const timed = trials.filter(({ timeUs }) => timeUs !== null).sort((a, b) => a.timeUs - b.timeUs);
  const kept =
    timed.length <= MOST ? timed : [...timed.slice(0, MOST / 2), ...thinned(timed.slice(MOST / 2), MOST / 2)];
  const tone = toneOf(kept.map(({ timeUs }) => timeUs));
  const x = (place) => SIDE + (place * (WIDTH - 2 * SIDE)) / Math.max(1, parameters.length - 1);
  const y = (digit, { values }) =>
    values.length === 1
      ? (TOP + HEIGHT - BOTTOM) / 2
      : HEIGHT - BOTTOM - (digit / (values.length - 1)) * (HEIGHT - TOP - BOTTOM);
  const lines = [...kept].reverse().map(({ digits, timeUs, number }) =>
    draw(
      'polyline',
      {
        points: digits.map((digit, place) => `${x(place)},${y(digit, parameters[place])}`).join(' '),
        fill: 'none',
        stroke: 'var(--accent)',
        'stroke-width': tone(timeUs) < 0.05 ? 2 : 1,
        opacity: (0.85 - 0.78 * tone(timeUs) ** 0.5).toFixed(3),
      },
      draw('title', {}, `trial ${number}: ${micros(timeUs)} µs`),
    ),
  );
  const axes = parameters.map((parameter, place) => {
    const labelled = ticksOf(parameter.values.length);
    return draw(
      'g',
      {},
      draw('line', { x1: x(place), x2: x(place), y1: TOP, y2: HEIGHT - BOTTOM, class: 'axis' }),
      draw('text', { x: x(place), y: 16, 'text-anchor': 'middle', class: 'strong' }, parameter.name),
      labelled.map((digit) =>
        draw(
          'text',
          { x: x(place) + 5, y: y(digit, parameter) + 4, class: 'tick' },
          String(parameter.values[digit]),
        ),
      ),
    );
  });
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
    lines,
    axes,
  );
}

function ticksOf(count) {
  const step = Math.ceil(count / 8);
  return Array.from({ length: count }, (_, digit) => digit).filter(
    (digit) => digit % step === 0 || digit === count - 1,
  );
}

function thinned(list, most) {
  return Array.from(
    { length: Math.min(most, list.length) },
    (_, place) => list[Math.floor((place * list.length) / most)],
  ).filter(Boolean);
}

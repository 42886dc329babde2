import { draw } from '../dom.js';
import { time, unitFor } from '../numbers.js';
import { colourAt, endsOf, legendPlaces } from './tones.js';

/** Its squares. */
const STEPS = 5;

/**
 * The colours from the fastest to the slowest time.
 * @param {readonly number[]} times
 * @param {Readonly<{ x: number, y: number, others: string }>} place of its first square, and what else its words say
 */
export function legend(times, { x, y, others }) {
  const end = x + STEPS * 16 + 6;
  const { least, most, isClipped } = endsOf(times);
  const unit = unitFor(times);
  const squares = legendPlaces(STEPS).map((place, step) =>
    draw('rect', { x: x + step * 16, y: y + 4, width: 14, height: 12, rx: 2, fill: colourAt(place) }),
  );
  return [
    draw('text', { x: x - 8, y: y + 14, 'text-anchor': 'end', class: 'tick' }, time(least, unit)),
    squares,
    draw(
      'text',
      { x: end, y: y + 14, class: 'tick' },
      `${time(most, unit)}${isClipped ? ' and slower' : ''} (log)${others}`,
    ),
  ];
}

import { draw } from '../dom.js';

/** A kernel with a smaller share of a bar has no number there. */
export const LEAST_SHARE = 0.01;

/** Of a digit, and of a name's letters: wide ones, so that labels never touch. */
const DIGIT = 7;
const LETTER = 7.4;
/** Between two labels of a row; of two rows, a line to the upper one goes through. */
const SPACE = 4;
const NAMES = 15;
const FAN = 16;
const ROW = 13;

/**
 * A kernel's place in a bar, its number, and its name.
 * @typedef {Readonly<{ number: number, name: string, x: number, wide: number }>} Labelled
 */

/**
 * The labels above a bar: a name that is narrower than its kernel stands on it; other kernels have their number, with a line
 * to it where they stand close together. `height` is what they need above the bar.
 * @param {readonly Labelled[]} kernels from the left to the right
 * @param {number} width of the drawing
 */
export function barLabels(kernels, width) {
  const titleOf = (/** @type {Labelled} */ { number, name }) => `${number} ${name}`;
  const isNamed = (/** @type {Labelled} */ each) => titleOf(each).length * LETTER < each.wide;
  const named = kernels.filter(isNamed);
  const numbered = kernels.filter((each) => !isNamed(each));
  const letters = Math.max(1, ...numbered.map(({ number }) => String(number).length));
  const label = letters * DIGIT;
  const isOneRow = numbered.length * (label + SPACE) <= width;
  const pitch = isOneRow ? label + SPACE : (label + 2 * SPACE) / 2;
  const centres = numbered.map(({ x, wide }) => x + wide / 2);
  const places = spread(centres, pitch, label / 2, width - label / 2);
  const nameHeight = named.length === 0 ? 0 : NAMES;
  const rows = numbered.length === 0 ? 0 : isOneRow ? 1 : 2;
  const height = nameHeight + (rows === 0 ? 0 : FAN + rows * ROW) + 2;
  /** @param {number} y the top of the bar */
  const drawAt = (y) => [
    named.map((each) => draw('text', { x: each.x + 2, y: y - 4, class: 'tick' }, titleOf(each))),
    numbered.map(({ number }, place) => {
      const [from, at] = [centres[place], places[place]];
      const foot = y - nameHeight - FAN;
      const base = isOneRow || place % 2 === 0 ? foot : foot - ROW;
      const points = [
        [from, y - 1],
        [from, y - nameHeight - 2],
        [at, foot + 1],
        [at, base + 1],
      ];
      return [
        draw('polyline', {
          points: points.map((point) => point.map((n) => n.toFixed(1)).join()).join(' '),
          class: 'leader',
        }),
        draw('text', { x: at, y: base - 2, 'text-anchor': 'middle', class: 'tick' }, String(number)),
      ];
    }),
  ];
  return { height, drawAt };
}

/** How many kernels can have a number each in a drawing of this width. */
export function mostLabels(/** @type {number} */ width) {
  return Math.floor(width / ((2 * DIGIT + 2 * SPACE) / 2)) - 1;
}

/**
 * Places at least `pitch` apart, in the same order, between two ends, and near to where they are wanted.
 * @param {readonly number[]} wanted ascending
 * @param {number} pitch
 * @param {number} from
 * @param {number} to
 */
function spread(wanted, pitch, from, to) {
  const places = [...wanted];
  places.forEach((at, place) => {
    places[place] = Math.max(at, place === 0 ? from : places[place - 1] + pitch);
  });
  for (let place = places.length - 1; place >= 0; place--)
    places[place] = Math.min(places[place], place === places.length - 1 ? to : places[place + 1] - pitch);
  return places;
}

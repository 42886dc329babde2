import { draw } from '../dom.js';
import { micros } from '../numbers.js';
import { toneOf } from './tones.js';

/** @import { PageParameter, PageTrial } from '../../served/data.js' */

const WIDTH = 520;
const LEFT = 90;
const BOTTOM = 40;
const TOP = 26;
/** Squares in the legend. */
const STEPS = 5;

/** @typedef {Readonly<{ cellWidth: number, cellHeight: number, height: number, top: (row: number) => number }>} Grid */
/** @typedef {ReadonlyMap<string, number>} BestOfPairs */

/**
 * The best time for each pair of values of two parameters; untried pairs are left empty.
 * @param {PageParameter} across
 * @param {PageParameter} down
 * @param {readonly PageTrial[]} trials
 * @param {number} placeAcross
 * @param {number} placeDown
 */
export function heatMap(across, down, trials, placeAcross, placeDown) {
  const best = bestOfPairs(trials, placeAcross, placeDown);
  const cellHeight = Math.min(34, Math.max(14, 240 / down.values.length));
  const grid = {
    cellWidth: (WIDTH - LEFT) / across.values.length,
    cellHeight,
    height: TOP + cellHeight * down.values.length + BOTTOM,
    // As on any axis, small values are at the bottom.
    /** @param {number} row */
    top: (row) => TOP + (down.values.length - 1 - row) * cellHeight,
  };
  return draw(
    'svg',
    {
      viewBox: `0 0 ${WIDTH} ${grid.height}`,
      width: WIDTH,
      height: grid.height,
      class: 'figure heat',
      role: 'img',
      'aria-label': `Best time by ${across.name} and ${down.name}, stronger is faster`,
    },
    legend([...best.values()]),
    cells(across, down, best, grid),
    labels(across, down, grid),
  );
}

/**
 * The best time of each pair of values, by "column,row".
 * @param {readonly PageTrial[]} trials
 * @param {number} placeAcross
 * @param {number} placeDown
 */
function bestOfPairs(trials, placeAcross, placeDown) {
  /** @type {Map<string, number>} */
  const best = new Map();
  for (const { timeUs, digits } of trials) {
    if (timeUs === null) continue;
    const key = `${digits[placeAcross]},${digits[placeDown]}`;
    if (timeUs < (best.get(key) ?? Number.POSITIVE_INFINITY)) best.set(key, timeUs);
  }
  return best;
}

/**
 * @param {PageParameter} across
 * @param {PageParameter} down
 * @param {BestOfPairs} best
 * @param {Grid} grid
 */
function cells(across, down, best, { cellWidth, cellHeight, top }) {
  const tone = toneOf([...best.values()]);
  return [...best].map(([key, timeUs]) => {
    const [column, row] = key.split(',').map(Number);
    const pair = `${across.name}=${across.values[column]} ${down.name}=${down.values[row]}`;
    return draw(
      'rect',
      {
        class: 'cell',
        x: LEFT + column * cellWidth + 1,
        y: top(row) + 1,
        width: cellWidth - 2,
        height: cellHeight - 2,
        rx: 2,
        fill: 'var(--accent)',
        opacity: opacityOf(tone(timeUs)),
      },
      draw('title', {}, `${pair}: ${micros(timeUs)} µs`),
    );
  });
}

/**
 * @param {PageParameter} across
 * @param {PageParameter} down
 * @param {Grid} grid
 */
function labels(across, down, { cellWidth, cellHeight, height, top }) {
  const every = Math.ceil(across.values.length / 9);
  /** @type {(x: number, y: number, anchor: string, value: string | number | boolean) => SVGTextElement} */
  const tick = (x, y, anchor, value) =>
    draw('text', { x, y, 'text-anchor': anchor, class: 'tick' }, String(value));
  return [
    down.values.map((value, row) => tick(LEFT - 8, top(row) + cellHeight / 2 + 4, 'end', value)),
    across.values.map((value, column) =>
      column % every === 0
        ? tick(LEFT + (column + 0.5) * cellWidth, height - BOTTOM + 16, 'middle', value)
        : null,
    ),
    draw('text', { x: WIDTH, y: height - 4, 'text-anchor': 'end', class: 'strong' }, across.name),
    draw('text', { x: 0, y: height - 4, class: 'strong' }, `${down.name} ↑`),
  ];
}

/**
 * The legend of the opacities, from the fastest to the slowest time.
 * @param {readonly number[]} times
 */
function legend(times) {
  const end = LEFT + STEPS * 16 + 6;
  const fastest = `${micros(Math.min(...times))} µs`;
  const squares = Array.from({ length: STEPS }, (_, step) =>
    draw('rect', {
      x: LEFT + step * 16,
      y: 4,
      width: 14,
      height: 12,
      rx: 2,
      fill: 'var(--accent)',
      opacity: opacityOf(step / (STEPS - 1)),
    }),
  );
  return [
    draw('text', { x: LEFT - 8, y: 14, 'text-anchor': 'end', class: 'tick' }, fastest),
    squares,
    draw('text', { x: end, y: 14, class: 'tick' }, `${micros(Math.max(...times))} µs (log)`),
  ];
}

/**
 * The opacity at a place from the fastest (0) to the slowest (1).
 * @param {number} place
 */
function opacityOf(place) {
  return (1 - 0.92 * place).toFixed(3);
}

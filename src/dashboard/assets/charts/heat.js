import { draw, make } from '../dom.js';
import { time, unitFor } from '../numbers.js';
import { colourAt, legendPlaces, toneOf } from './tones.js';

/** @import { PageParameter, PageTrial } from '../../served/data.js' */

const WIDTH = 520;
const LEFT = 90;
const BOTTOM = 40;
const TOP = 26;
/** Squares in the legend. */
const STEPS = 5;

/** @typedef {Readonly<{ cellWidth: number, cellHeight: number, height: number, top: (row: number) => number }>} Grid */
/** @typedef {Readonly<{ column: number, row: number, text: string, timeUs: number }>} Cell */

/**
 * The best time for each pair of values of two parameters; untried pairs are left empty. A tap, the pointer or the arrow
 * keys choose a cell, and the line below says what it is. It stays chosen when `update` brings more trials.
 * @param {PageParameter} across
 * @param {PageParameter} down
 * @param {readonly [number, number]} places of the two among the parameters
 */
export function heatMap(across, down, places) {
  const grid = gridOf(across, down);
  const names = `${across.name} and ${down.name}`;
  const svg = draw('svg', {
    viewBox: `0 0 ${WIDTH} ${grid.height}`,
    width: WIDTH,
    height: grid.height,
    class: 'figure heat',
    role: 'img',
    tabindex: '0',
    'aria-label': `Best time by ${names}. Arrow keys go from cell to cell.`,
  });
  const said = make('output', { class: 'said' });
  const frame = make(
    'div',
    { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': `Heat map of ${names}` },
    svg,
  );
  const choose = listenToCells(svg, said);
  /** @param {readonly PageTrial[]} trials */
  const update = (trials) => {
    const cells = cellsOf(across, down, trials, places);
    const times = cells.map(({ timeUs }) => timeUs);
    const drawn = cells.map((cell) => rectOf(cell, grid, toneOf(times)));
    svg.replaceChildren(draw('g', {}, legend(times), drawn, labels(across, down, grid)));
    choose(cells, drawn);
  };
  return { box: make('div', {}, frame, make('p', { class: 'below' }, said)), update };
}

/**
 * @param {PageParameter} across
 * @param {PageParameter} down
 * @returns {Grid}
 */
function gridOf(across, down) {
  const cellHeight = Math.min(34, Math.max(14, 240 / down.values.length));
  return {
    cellWidth: (WIDTH - LEFT) / across.values.length,
    cellHeight,
    height: TOP + cellHeight * down.values.length + BOTTOM,
    // As on any axis, small values are at the bottom.
    top: (row) => TOP + (down.values.length - 1 - row) * cellHeight,
  };
}

/**
 * Listens to who chooses a cell. Returns what tells of cells that were drawn anew: the same one stays chosen.
 * @param {SVGSVGElement} svg
 * @param {HTMLElement} said
 */
function listenToCells(svg, said) {
  /** @type {readonly Cell[]} */
  let cells = [];
  /** @type {readonly SVGRectElement[]} */
  let drawn = [];
  let now = -1;
  /** @param {number} next */
  const choose = (next) => {
    if (next === now || cells[next] === undefined) return;
    drawn[now]?.classList.remove('chosen');
    drawn[next].classList.add('chosen');
    // Drawn last, so that its frame is whole.
    drawn[next].parentNode?.append(drawn[next]);
    now = next;
    said.textContent = cells[next].text;
  };
  for (const kind of ['pointerover', 'pointerdown'])
    svg.addEventListener(kind, ({ target }) => {
      const at = target instanceof Node ? target : null;
      choose(drawn.findIndex((rect) => rect.contains(at)));
    });
  svg.addEventListener('keydown', (event) => {
    const next = neighbour(cells, now, event.key);
    if (next === undefined) return;
    event.preventDefault();
    choose(next);
  });
  /** @type {(newCells: readonly Cell[], newDrawn: readonly SVGRectElement[]) => void} */
  return (newCells, newDrawn) => {
    const was = cells[now];
    [cells, drawn, now] = [newCells, newDrawn, -1];
    choose(cells.findIndex(({ column, row }) => column === was?.column && row === was.row));
  };
}

/** @type {Readonly<Record<string, readonly [number, number]>>} */
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/**
 * The nearest cell in the direction of an arrow key; the fastest before any is chosen. Undefined for another key.
 * @param {readonly Cell[]} cells
 * @param {number} now
 * @param {string} key
 */
function neighbour(cells, now, key) {
  const way = WAYS[key];
  if (way === undefined) return undefined;
  if (now < 0)
    return cells.reduce((best, cell, place) => (cell.timeUs < cells[best].timeUs ? place : best), 0);
  const from = cells[now];
  let [found, least] = [now, Number.POSITIVE_INFINITY];
  cells.forEach(({ column, row }, place) => {
    const along = (column - from.column) * way[0] + (row - from.row) * way[1];
    const aside = Math.abs((column - from.column) * way[1]) + Math.abs((row - from.row) * way[0]);
    if (along > 0 && along + 10 * aside < least) [found, least] = [place, along + 10 * aside];
  });
  return found;
}

/**
 * The best time of each pair of values that was tried.
 * @param {PageParameter} across
 * @param {PageParameter} down
 * @param {readonly PageTrial[]} trials
 * @param {readonly [number, number]} places
 * @returns {readonly Cell[]}
 */
function cellsOf(across, down, trials, [placeAcross, placeDown]) {
  /** @type {Map<string, Cell>} */
  const best = new Map();
  const unit = unitFor(trials.map(({ timeUs }) => timeUs));
  for (const { timeUs, digits } of trials) {
    if (timeUs === null) continue;
    const [column, row] = [digits[placeAcross], digits[placeDown]];
    const key = `${column},${row}`;
    if (timeUs >= (best.get(key)?.timeUs ?? Number.POSITIVE_INFINITY)) continue;
    const pair = `${across.name}=${across.values[column]}, ${down.name}=${down.values[row]}`;
    best.set(key, { column, row, timeUs, text: `${pair}: ${time(timeUs, unit)}` });
  }
  return [...best.values()];
}

/**
 * @param {Cell} cell
 * @param {Grid} grid
 * @param {(timeUs: number) => number} tone
 */
function rectOf({ column, row, timeUs, text }, { cellWidth, cellHeight, top }, tone) {
  return draw(
    'rect',
    {
      class: 'cell',
      x: LEFT + column * cellWidth + 1,
      y: top(row) + 1,
      width: cellWidth - 2,
      height: cellHeight - 2,
      rx: 2,
      fill: colourAt(tone(timeUs)),
    },
    draw('title', {}, text),
  );
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
 * The colours from the fastest to the slowest time.
 * @param {readonly number[]} times
 */
function legend(times) {
  const end = LEFT + STEPS * 16 + 6;
  const [least, most] = [Math.min(...times), Math.max(...times)];
  const unit = unitFor([least, most]);
  const squares = legendPlaces(STEPS).map((place, step) =>
    draw('rect', { x: LEFT + step * 16, y: 4, width: 14, height: 12, rx: 2, fill: colourAt(place) }),
  );
  return [
    draw('text', { x: LEFT - 8, y: 14, 'text-anchor': 'end', class: 'tick' }, time(least, unit)),
    squares,
    draw('text', { x: end, y: 14, class: 'tick' }, `${time(most, unit)} (log)`),
  ];
}

import { draw } from '../dom.js';
import { decimals, time, unitFor } from '../numbers.js';

/** @import { WhyDocument } from '../../served/data.js' */

const WIDTH = 760;
const LEFT = 250;
const RIGHT = 150;
const ROW = 34;
const LINE = 13;
/** Letters that fit beside a bar, in each of two lines. */
const LONGEST = 38;

/**
 * A bar for what each step takes away from the time, from the default at the top to the configuration to use.
 * @param {Extract<WhyDocument['way'], { steps: unknown }>} way
 */
export function waterfall(way) {
  const all = barsOf(way);
  const most = all.reduce((longest, { from, to }) => Math.max(longest, from, to), 0);
  const height = all.length * ROW + 4;
  return draw(
    'svg',
    {
      viewBox: `0 0 ${WIDTH} ${height}`,
      width: WIDTH,
      height,
      class: 'figure wide',
      role: 'img',
      'aria-label': all.map(({ words, text }) => `${words}: ${text}`).join('; '),
    },
    all.map((bar, row) => drawBar(bar, row * ROW, (WIDTH - LEFT - RIGHT) / most)),
  );
}

/** @typedef {Readonly<{ words: string, from: number, to: number, text: string, isStep: boolean }>} Bar */

/**
 * @param {Extract<WhyDocument['way'], { steps: unknown }>} way
 * @returns {readonly Bar[]}
 */
function barsOf({ startUs, steps }) {
  let before = startUs;
  const unit = unitFor([startUs, ...steps.map(({ timeUs }) => timeUs)]);
  const rows = steps.flatMap(({ changes, timeUs, gain }) => {
    if (typeof timeUs !== 'number') return [];
    const from = before;
    before = timeUs;
    const words = changes.map((change) => `${change.parameter} ${change.from} → ${change.to}`).join(', ');
    const factor = typeof gain === 'number' ? `${decimals(gain)}×, ` : '';
    return [{ words, from, to: timeUs, text: `${factor}${time(timeUs, unit)}`, isStep: true }];
  });
  return [
    { words: 'default', from: startUs, to: 0, text: time(startUs, unit), isStep: false },
    ...rows,
    { words: 'use', from: before, to: 0, text: time(before, unit), isStep: false },
  ];
}

/**
 * @param {Bar} bar
 * @param {number} y
 * @param {number} scale
 */
function drawBar({ words, from, to, text, isStep }, y, scale) {
  const [x, end] = [from, to].map((us) => LEFT + us * scale).sort((a, b) => a - b);
  const kind = !isStep ? 'bar' : to <= from ? 'less' : 'more';
  const lines = linesOf(words);
  const first = y + 21 - (LINE / 2) * (lines.length - 1);
  return [
    draw(
      'text',
      { 'text-anchor': 'end' },
      lines.map((line, place) => draw('tspan', { x: LEFT - 10, y: first + place * LINE }, line)),
      draw('title', {}, words),
    ),
    draw('rect', { x, y: y + 5, width: Math.max(1.5, end - x), height: ROW - 10, class: kind }),
    draw('text', { x: end + 8, y: y + 21, class: 'strong' }, text),
  ];
}

/**
 * The words in two lines at most, cut where that is not enough.
 * @param {string} words
 * @returns {readonly string[]}
 */
function linesOf(words) {
  if (words.length <= LONGEST) return [words];
  const space = words.lastIndexOf(' ', LONGEST);
  const end = space > 0 ? space : LONGEST;
  const rest = words.slice(end).trimStart();
  return [words.slice(0, end), rest.length > LONGEST ? `${rest.slice(0, LONGEST - 1)}…` : rest];
}

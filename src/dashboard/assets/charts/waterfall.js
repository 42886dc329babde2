import { draw } from '../dom.js';
import { decimals, time } from '../numbers.js';

/** @import { WhyDocument } from '../../served/data.js' */

const WIDTH = 760;
const LEFT = 250;
const RIGHT = 150;
const ROW = 28;

/**
 * A bar for what each step takes away from the time, from the default at the top to the configuration to use.
 * @param {Extract<WhyDocument['way'], { steps: unknown }>} way
 */
export function waterfall({ startUs, steps }) {
  let before = startUs;
  const rows = steps.flatMap(({ changes, timeUs, gain }) => {
    if (typeof timeUs !== 'number') return [];
    const from = before;
    before = timeUs;
    const words = changes.map((change) => `${change.parameter} ${change.from} → ${change.to}`).join(', ');
    const factor = typeof gain === 'number' ? `${decimals(gain)}×` : '';
    return [{ words, from, to: timeUs, text: `${factor}  ${time(timeUs)}`, isStep: true }];
  });
  const all = [
    { words: 'default', from: startUs, to: 0, text: time(startUs), isStep: false },
    ...rows,
    { words: 'use', from: before, to: 0, text: time(before), isStep: false },
  ];
  const most = all.reduce((longest, { from, to }) => Math.max(longest, from, to), 0);
  const x = (/** @type {number} */ us) => LEFT + (us / most) * (WIDTH - LEFT - RIGHT);
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
    all.map(({ words, from, to, text, isStep }, row) => {
      const [low, high] = [from, to].sort((a, b) => a - b);
      const y = row * ROW;
      const kind = !isStep ? 'bar' : to <= from ? 'less' : 'more';
      return [
        draw(
          'text',
          { x: LEFT - 10, y: y + 18, 'text-anchor': 'end' },
          shortOf(words),
          draw('title', {}, words),
        ),
        draw('rect', {
          x: x(low),
          y: y + 5,
          width: Math.max(1.5, x(high) - x(low)),
          height: ROW - 10,
          class: kind,
        }),
        draw('text', { x: x(high) + 8, y: y + 18, class: 'strong' }, text),
      ];
    }),
  );
}

/** @param {string} words */
function shortOf(words) {
  return words.length > 38 ? `${words.slice(0, 37)}…` : words;
}

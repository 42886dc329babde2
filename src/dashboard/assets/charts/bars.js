import { draw } from '../dom.js';

const WIDTH = 520;
const ROW = 26;
const LEFT = 190;

/**
 * A bar for each share, with a line over its interval where it has one.
 * @param {string} label
 * @param {readonly Readonly<{ what: string, share: number, low?: number, high?: number }>[]} shares
 */
export function shareBars(label, shares) {
  const height = shares.length * ROW + 4;
  const room = WIDTH - LEFT - 110;
  return draw(
    'svg',
    {
      viewBox: `0 0 ${WIDTH} ${height}`,
      width: WIDTH,
      height,
      class: 'figure',
      role: 'img',
      'aria-label': `${label}: ${shares.map((each) => `${each.what} ${textOf(each)}`).join(', ')}`,
    },
    shares.map((each, row) => {
      const { what, share, low = share, high = share } = each;
      const y = row * ROW;
      return [
        draw('text', { x: LEFT - 10, y: y + 17, 'text-anchor': 'end' }, what),
        draw('rect', { x: LEFT, y: y + 5, width: Math.max(1, share * room), height: ROW - 10, class: 'bar' }),
        low === high
          ? null
          : draw('path', { d: `M${LEFT + low * room},${y + 13}H${LEFT + high * room}`, class: 'whisker' }),
        draw(
          'text',
          { x: LEFT + Math.max(share, high) * room + 8, y: y + 17, class: 'strong' },
          textOf(each),
        ),
      ];
    }),
  );
}

/** @param {Readonly<{ share: number, low?: number, high?: number }>} each */
function textOf({ share, low, high }) {
  const percent = (/** @type {number} */ part) => Math.round(part * 100);
  const interval = low === undefined || high === undefined ? '' : ` [${percent(low)}, ${percent(high)}]`;
  return `${percent(share)} %${interval}`;
}

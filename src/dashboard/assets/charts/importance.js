import { draw } from '../dom.js';

/** @import { PageImportance } from '../../served/data.js' */

const WIDTH = 520;
const ROW = 26;
const LEFT = 190;

/**
 * A bar for the share of the variance of ln(time) of each parameter and pair.
 * @param {PageImportance['shares']} shares
 */
export function importanceBars(shares) {
  const height = shares.length * ROW + 4;
  const room = WIDTH - LEFT - 56;
  return draw(
    'svg',
    {
      viewBox: `0 0 ${WIDTH} ${height}`,
      width: WIDTH,
      height,
      class: 'figure',
      role: 'img',
      'aria-label': shares.map(({ what, share }) => `${what} ${Math.round(share * 100)} %`).join(', '),
    },
    shares.map(({ what, share }, row) => [
      draw('text', { x: LEFT - 10, y: row * ROW + 17, 'text-anchor': 'end' }, what),
      draw('rect', {
        x: LEFT,
        y: row * ROW + 5,
        width: Math.max(1, share * room),
        height: ROW - 10,
        class: 'bar',
      }),
      draw(
        'text',
        { x: LEFT + share * room + 8, y: row * ROW + 17, class: 'strong' },
        `${Math.round(share * 100)} %`,
      ),
    ]),
  );
}

import { draw, make } from '../dom.js';
import { time } from '../numbers.js';

/** @import { ModelPart } from '../../served/data.js' */

const WIDTH = 1300;
const LEFT = 70;
const BAR = 46;
const GAP = 26;
/** A narrower kernel has no room for its name. */
const NAMED = 60;
const LETTER = 6.6;

/**
 * On what a call spends its time, in the order of drawing.
 * @type {readonly Readonly<{ name: string, tone: string, of: (parts: NonNullable<NonNullable<ModelPart['best']>['parts']>) => number }>[]}
 */
const PARTS = [
  { name: 'compute', tone: '--part-compute', of: ({ compute }) => compute },
  { name: 'memory', tone: '--part-memory', of: ({ memory }) => memory },
  { name: 'waiting for DMA', tone: '--part-dma', of: ({ dma }) => dma },
  { name: 'waiting for threads', tone: '--part-wait', of: ({ waiting, idle }) => waiting + idle },
  { name: 'fork and join', tone: '--part-fork', of: ({ forkJoin }) => forkJoin },
];

/**
 * A whole model as one bar, by default above and tuned below, on one scale: a kernel is as wide as all its calls take,
 * and coloured by what they spend it on. A click leads to its study.
 * @param {string} label
 * @param {readonly ModelPart[]} parts longest first
 */
export function wholeBars(label, parts) {
  const rows = /** @type {const} */ ([
    ['default', 'default'],
    ['tuned', 'best'],
  ]);
  const sum = (/** @type {'default' | 'best'} */ which) =>
    parts.reduce((total, part) => total + (part[which]?.us ?? 0), 0);
  const most = Math.max(sum('default'), sum('best'));
  const scale = (WIDTH - LEFT - 90) / most;
  const height = 2 * (BAR + GAP) + 8;
  const svg = draw(
    'svg',
    {
      viewBox: `0 0 ${WIDTH} ${height}`,
      width: WIDTH,
      height,
      class: 'figure whole',
      role: 'group',
      'aria-label': `${label}: default ${time(sum('default'))}, tuned ${time(sum('best'))}`,
    },
    rows.map(([name, which], row) => {
      const y = row * (BAR + GAP) + 20;
      let x = LEFT;
      const drawn = parts.map((part) => {
        const wide = (part[which]?.us ?? 0) * scale;
        x += wide;
        return kernelOf(part, which, x - wide, y, scale);
      });
      return [
        draw('text', { x: LEFT - 8, y: y + BAR / 2 + 4, 'text-anchor': 'end', class: 'strong' }, name),
        drawn,
        draw('text', { x: x + 8, y: y + BAR / 2 + 4, class: 'strong' }, time(sum(which))),
      ];
    }),
  );
  const isDivided = parts.some((part) => part.best?.parts);
  const legend = PARTS.map(({ name, tone }) =>
    make(
      'span',
      {},
      draw(
        'svg',
        { width: 12, height: 12, 'aria-hidden': 'true' },
        draw('rect', { width: 12, height: 12, fill: `var(${tone})` }),
      ),
      ` ${name}`,
    ),
  );
  return make(
    'div',
    {},
    make('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': label }, svg),
    isDivided ? make('p', { class: 'legend' }, legend) : null,
  );
}

/**
 * @param {ModelPart} part
 * @param {'default' | 'best'} which
 * @param {number} x
 * @param {number} y
 * @param {number} scale
 */
function kernelOf(part, which, x, y, scale) {
  const calls = part[which];
  if (calls === null) return null;
  const wide = calls.us * scale;
  const { parts } = calls;
  const whole = parts === null ? 0 : PARTS.reduce((sum, { of }) => sum + of(parts), 0);
  let at = x;
  const boxes =
    parts === null || whole === 0
      ? [draw('rect', { x, y, width: wide, height: BAR, fill: 'var(--faint)' })]
      : PARTS.map(({ tone, of }) => {
          const width = (wide * of(parts)) / whole;
          at += width;
          return draw('rect', { x: at - width, y, width, height: BAR, fill: `var(${tone})` });
        });
  const name = `${part.kernel} ${part.shape}, ${part.calls} × ${time(calls.us / part.calls)} = ${time(calls.us)}`;
  const room = Math.floor(wide / LETTER);
  const short =
    part.kernel.length <= room ? part.kernel : `${part.kernel.slice(0, room - 6)}…${part.kernel.slice(-4)}`;
  return draw(
    'a',
    { href: `#/study/${part.study}`, 'aria-label': `${which === 'best' ? 'tuned' : which} ${name}` },
    draw('title', {}, name),
    boxes,
    draw('rect', { x, y, width: wide, height: BAR, class: 'edge' }),
    wide < NAMED ? null : draw('text', { x: x + 2, y: y - 5, class: 'tick' }, short),
  );
}

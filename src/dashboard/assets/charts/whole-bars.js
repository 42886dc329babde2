import { draw, make } from '../dom.js';
import { time, unitFor } from '../numbers.js';

/** @import { ModelPart } from '../../served/data.js' */

/** Of a drawing that is in no page yet. */
const LEAST_WIDTH = 300;
const LEFT = 60;
/** For the sum at the end of a bar. */
const RIGHT = 100;
const BAR = 46;
const GAP = 26;
/** Of a name above its kernel: a wide one, so that names never touch. */
const LETTER = 7.4;

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
 * and coloured by what they spend it on. It is as wide as the page. A click leads to a kernel's study.
 * @param {string} label
 * @param {readonly ModelPart[]} parts longest first
 */
export function wholeBars(label, parts) {
  const frame = make('div', { role: 'region', 'aria-label': label });
  let drawn = 0;
  const show = () => {
    const width = Math.max(LEAST_WIDTH, frame.clientWidth);
    if (width !== drawn) frame.replaceChildren(barsOf(label, parts, width));
    drawn = width;
  };
  show();
  new ResizeObserver(show).observe(frame);
  const isDivided = parts.some((part) => part.best?.parts);
  return make('div', {}, frame, isDivided ? make('p', { class: 'legend' }, legendOfParts()) : null);
}

/**
 * @param {string} label
 * @param {readonly ModelPart[]} parts
 * @param {number} width
 */
function barsOf(label, parts, width) {
  const [before, after] = [sumOf('default', parts), sumOf('best', parts)];
  const scale = (width - LEFT - RIGHT) / Math.max(before, after);
  const unit = unitFor([before, after]);
  const height = 2 * (BAR + GAP) + 8;
  return draw(
    'svg',
    {
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      class: 'figure whole',
      role: 'group',
      'aria-label': `${label}: default ${time(before, unit)}, tuned ${time(after, unit)}`,
    },
    rowOf('default', 'default', parts, 20, scale, unit),
    rowOf('tuned', 'best', parts, BAR + GAP + 20, scale, unit),
  );
}

/** @typedef {'default' | 'best'} Which */

/**
 * @param {Which} which
 * @param {readonly ModelPart[]} parts
 */
function sumOf(which, parts) {
  return parts.reduce((total, part) => total + (part[which]?.us ?? 0), 0);
}

/**
 * @param {string} name
 * @param {Which} which
 * @param {readonly ModelPart[]} parts
 * @param {number} y
 * @param {number} scale
 * @param {import('../numbers.js').Unit} unit
 */
function rowOf(name, which, parts, y, scale, unit) {
  let x = LEFT;
  const drawn = parts.map((part) => {
    const wide = (part[which]?.us ?? 0) * scale;
    x += wide;
    return kernelOf(part, which, x - wide, y, scale);
  });
  const middle = y + BAR / 2 + 4;
  return [
    draw('text', { x: LEFT - 8, y: middle, 'text-anchor': 'end', class: 'strong' }, name),
    drawn,
    draw('text', { x: x + 8, y: middle, class: 'strong' }, time(sumOf(which, parts), unit)),
  ];
}

function legendOfParts() {
  return PARTS.map(({ name, tone }) => {
    const box = draw('rect', { width: 12, height: 12, fill: `var(${tone})` });
    return make('span', {}, draw('svg', { width: 12, height: 12, 'aria-hidden': 'true' }, box), ` ${name}`);
  });
}

/**
 * @param {ModelPart} part
 * @param {Which} which
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
  const label = `${part.kernel} ${part.shape}`;
  return draw(
    'a',
    { href: `#/study/${part.study}`, 'aria-label': `${which === 'best' ? 'tuned' : which} ${name}` },
    draw('title', {}, name),
    boxes,
    draw('rect', { x, y, width: wide, height: BAR, class: 'edge' }),
    // A name that is cut would lose what tells it from others: the title and the table have it whole.
    label.length > room ? null : draw('text', { x: x + 2, y: y - 5, class: 'tick' }, label),
  );
}

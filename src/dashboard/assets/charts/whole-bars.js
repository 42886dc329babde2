import { draw, make } from '../dom.js';
import { time, unitFor } from '../numbers.js';
import { barLabels, LEAST_SHARE, mostLabels } from './bar-labels.js';

/** @import { PlanSummary, StudyBreakdowns } from '../../served/data.js' */

/** Of a drawing that is in no page yet. */
const LEAST_WIDTH = 300;
const LEFT = 60;
/** For the sum at the end of a bar. */
const RIGHT = 100;
const BAR = 46;
const GAP = 14;

/** @typedef {NonNullable<StudyBreakdowns['best']>} Breakdown */
/** @typedef {Readonly<{ us: number, parts: Breakdown | null }>} Calls what all calls of a kernel take, and on what one of them does */
/**
 * A kernel of the whole; without times before a comparison.
 * @typedef {PlanSummary['studies'][number] & Readonly<{ default: Calls | null, tuned: Calls | null }>} ModelPart
 */

/**
 * On what a call spends its time, in the order of drawing.
 * @type {readonly Readonly<{ name: string, tone: string, of: (parts: Breakdown) => number }>[]}
 */
const PARTS = [
  { name: 'compute', tone: '--part-compute', of: ({ compute }) => compute },
  { name: 'memory', tone: '--part-memory', of: ({ memory }) => memory },
  { name: 'waiting for DMA', tone: '--part-dma', of: ({ dma }) => dma },
  { name: 'waiting for threads', tone: '--part-wait', of: ({ waiting, idle }) => waiting + idle },
  { name: 'fork and join', tone: '--part-fork', of: ({ forkJoin, allocation }) => forkJoin + allocation },
];

/**
 * A whole model as one bar, by default above and tuned below, on one scale: a kernel is as wide as all its calls take,
 * and coloured by what they spend it on. Kernels have the number that they have in the table. The pointer, a finger or the
 * arrow keys say what is where; a click or Enter leads to a kernel's study.
 * @param {string} label
 * @param {readonly ModelPart[]} parts in the order of the table
 */
export function wholeBars(label, parts) {
  const frame = make('div', { role: 'region', 'aria-label': label });
  const said = make('output', { class: 'said' });
  let drawn = 0;
  const show = () => {
    const width = Math.max(LEAST_WIDTH, frame.clientWidth);
    if (width !== drawn) frame.replaceChildren(barsOf(label, parts, width));
    drawn = width;
  };
  show();
  new ResizeObserver(show).observe(frame);
  for (const kind of ['pointerover', 'pointerdown', 'focusin'])
    frame.addEventListener(kind, ({ target }) => {
      const kernel = target instanceof Element ? target.closest('a') : null;
      if (kernel !== null) said.textContent = kernel.getAttribute('aria-label');
    });
  frame.addEventListener('keydown', (event) => step(frame, event));
  const isDivided = parts.some((part) => part.tuned?.parts);
  return make(
    'div',
    {},
    frame,
    make(
      'p',
      { class: 'below' },
      make('span', { class: 'legend' }, isDivided ? legendOfParts() : null),
      said,
    ),
  );
}

/**
 * Arrow keys go from kernel to kernel: all of them in the order of tabs would be hundreds.
 * @param {HTMLElement} frame
 * @param {KeyboardEvent} event
 */
function step(frame, event) {
  const way = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (way === undefined) return;
  const all = [...frame.querySelectorAll('a')];
  const now = all.findIndex((each) => each.matches(':focus'));
  const next = all[Math.min(Math.max(now + way, 0), all.length - 1)];
  event.preventDefault();
  for (const each of all) each.setAttribute('tabindex', each === next ? '0' : '-1');
  next?.focus();
}

/**
 * @param {string} label
 * @param {readonly ModelPart[]} parts
 * @param {number} width
 */
function barsOf(label, parts, width) {
  const [before, after] = [sumOf('default', parts), sumOf('tuned', parts)];
  const scale = (width - LEFT - RIGHT) / Math.max(before, after);
  const unit = unitFor([before, after]);
  const upper = rowOf('default', parts, width, scale, unit);
  const lower = rowOf('tuned', parts, width, scale, unit);
  const [first, second] = [upper.height, upper.height + BAR + GAP + lower.height];
  const height = second + BAR + 2;
  const svg = draw(
    'svg',
    {
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      class: 'figure whole',
      role: 'group',
      'aria-label': `${label}: default ${time(before, unit)}, tuned ${time(after, unit)}. Arrow keys go from kernel to kernel.`,
    },
    upper.drawAt(first),
    lower.drawAt(second),
  );
  svg.querySelector('a')?.setAttribute('tabindex', '0');
  return svg;
}

/** @typedef {'default' | 'tuned'} Which */

/**
 * @param {Which} which
 * @param {readonly ModelPart[]} parts
 */
function sumOf(which, parts) {
  return parts.reduce((total, part) => total + (part[which]?.us ?? 0), 0);
}

/**
 * One bar with its labels; `height` is what these need above it.
 * @param {Which} which
 * @param {readonly ModelPart[]} parts
 * @param {number} width
 * @param {number} scale
 * @param {import('../numbers.js').Unit} unit
 */
function rowOf(which, parts, width, scale, unit) {
  const sum = sumOf(which, parts);
  let end = LEFT;
  const kernels = parts.map((part, place) => {
    const wide = (part[which]?.us ?? 0) * scale;
    end += wide;
    return { part, number: place + 1, name: `${part.kernel} ${part.shape}`, x: end - wide, wide };
  });
  const known = kernels.filter(({ part }) => (part[which]?.us ?? 0) >= LEAST_SHARE * sum);
  const least = known.map(({ wide }) => wide).sort((a, b) => b - a)[mostLabels(width)] ?? 0;
  const labels = barLabels(
    known.filter(({ wide }) => wide > least),
    width,
  );
  /** @param {number} y */
  const drawAt = (y) => {
    const middle = y + BAR / 2 + 4;
    return [
      draw('text', { x: LEFT - 8, y: middle, 'text-anchor': 'end', class: 'strong' }, which),
      kernels.map(({ part, x }) => kernelOf(part, which, x, y, scale)),
      draw('text', { x: end + 8, y: middle, class: 'strong' }, time(sum, unit)),
      labels.drawAt(y),
    ];
  };
  return { height: labels.height, drawAt };
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
  const name = `${which} ${part.kernel} ${part.shape}, ${part.calls} × ${time(calls.us / part.calls)} = ${time(calls.us)}`;
  return draw(
    'a',
    { href: `#/study/${part.study}`, tabindex: '-1', 'aria-label': name },
    draw('title', {}, name),
    boxesOf(calls.parts, { x, y, wide }),
    // An edge would cover a narrow one.
    wide < 4 ? null : draw('rect', { x, y, width: wide, height: BAR, class: 'edge' }),
  );
}

/**
 * A box for each part of the time; one where that is not known, or all would be narrower than a pixel.
 * @param {Breakdown | null} parts
 * @param {Readonly<{ x: number, y: number, wide: number }>} place
 */
function boxesOf(parts, { x, y, wide }) {
  const whole = parts === null ? 0 : PARTS.reduce((sum, { of }) => sum + of(parts), 0);
  if (parts === null || whole === 0)
    return [draw('rect', { x, y, width: wide, height: BAR, fill: 'var(--faint)' })];
  const most = PARTS.reduce((a, b) => (b.of(parts) > a.of(parts) ? b : a));
  if (wide < 1) return [draw('rect', { x, y, width: wide, height: BAR, fill: `var(${most.tone})` })];
  let at = x;
  return PARTS.filter(({ of }) => of(parts) > 0).map(({ tone, of }) => {
    const width = (wide * of(parts)) / whole;
    at += width;
    return draw('rect', { x: at - width, y, width, height: BAR, fill: `var(${tone})` });
  });
}

import { element, escapeText } from '../../languages/markup.ts';
import type { Breakdown } from '../../targets/npu/simulator/breakdown.ts';
import { formatTimeUs, type TimeUnit, timeUnitFor } from '../../text/time-text.ts';
import { type Figure, forBothWidths, type PageWidth, TEXT_WIDTH } from '../svg/figure.ts';
import { label } from '../svg/label.ts';
import { PHONE } from './_place.ts';
import { barLabels, LEAST_NUMBERED, mostLabels } from './bar-labels.ts';

/** What all calls of a kernel take, and on what one of them spends it; null where that is not known. */
export type WholeCalls = Readonly<{ us: number; spent: Breakdown | null }>;

/** A kernel of a whole model. */
export type WholePart = Readonly<{
  name: string;
  calls: number;
  default: WholeCalls;
  tuned: WholeCalls;
  /** Where its study is shown. */
  href?: string;
}>;

/** As wide as a page of reports has room for. */
const BROAD = 1000;
const LEFT = 60;
/** Of a letter of the sum at the end of a bar, which is bold. */
const BOLD = 8;
const BAR = 40;
const GAP = 14;
/** Of the legend: a row, the box before a name, the space after it. */
const LEGEND = Object.freeze({ row: 18, box: 17, space: 18 });
/** A narrower box has no edge: it would cover it. */
const LEAST_EDGED = 4;

/** On what a call spends its time, in the order of drawing. */
const SPENT: readonly Readonly<{ name: string; kind: string; of(spent: Breakdown): number }>[] = [
  { name: 'compute', kind: 'part-compute', of: ({ compute }) => compute },
  { name: 'memory', kind: 'part-memory', of: ({ memory }) => memory },
  { name: 'waiting for DMA', kind: 'part-dma', of: ({ dma }) => dma },
  { name: 'waiting for threads', kind: 'part-wait', of: ({ waiting, idle }) => waiting + idle },
  { name: 'fork and join', kind: 'part-fork', of: ({ forkJoin, allocation }) => forkJoin + allocation },
];

/**
 * A whole model as one bar, by default above and tuned below, on one scale: a kernel is as wide as all its calls take, and
 * coloured by what they spend it on, where that is known. Kernels have the number that they have in the table beside it.
 */
export function plotWhole(id: string, title: string, parts: readonly WholePart[]): Figure {
  return forBothWidths((page) => plotFor(page, id, title, parts));
}

/** One unit for the bars and the table of a whole: that of its sums. */
export function wholeUnit(parts: readonly WholePart[]): TimeUnit {
  return timeUnitFor([sumOf('default', parts), sumOf('tuned', parts)]);
}

/** How many rows of the table there are until the last kernel that may have a number in a bar. */
export function lastNumbered(parts: readonly WholePart[]): number {
  const least = (which: Which): number => LEAST_NUMBERED * sumOf(which, parts);
  const [usual, tuned] = [least('default'), least('tuned')];
  return 1 + parts.findLastIndex((part) => part.default.us >= usual || part.tuned.us >= tuned);
}

type Which = 'default' | 'tuned';

function sumOf(which: Which, parts: readonly WholePart[]): number {
  return parts.reduce((sum, part) => sum + part[which].us, 0);
}

type Canvas = Readonly<{ width: number; scale: number; unit: TimeUnit }>;

function plotFor(page: PageWidth, id: string, title: string, parts: readonly WholePart[]): Figure {
  const unit = wholeUnit(parts);
  const width = page === 'wide' ? BROAD : PHONE;
  const [before, after] = [sumOf('default', parts), sumOf('tuned', parts)];
  const right = Math.max(...[before, after].map((us) => formatTimeUs(us, unit).length)) * BOLD + 12;
  const canvas = { width, unit, scale: (width - LEFT - right) / Math.max(before, after) };
  const [upper, lower] = [rowOf('default', parts, canvas), rowOf('tuned', parts, canvas)];
  const first = upper.height;
  const second = first + BAR + GAP + lower.height;
  const legend = legendAt(second + BAR + GAP, parts, width);
  const said = parts.map(
    ({ name, default: usual, tuned }) =>
      `${name}: ${formatTimeUs(usual.us, unit)} → ${formatTimeUs(tuned.us, unit)}`,
  );
  return {
    id,
    title,
    description: `Default ${formatTimeUs(before, unit)}, tuned ${formatTimeUs(after, unit)}. ${said.join('; ')}`,
    width,
    height: second + BAR + 4 + legend.height,
    body: upper.drawAt(first) + lower.drawAt(second) + legend.body,
  };
}

/** One bar with its labels, and what these need above it. */
function rowOf(which: Which, parts: readonly WholePart[], { width, scale, unit }: Canvas) {
  const sum = sumOf(which, parts);
  let end = LEFT;
  const kernels = parts.map((part, place) => {
    const wide = part[which].us * scale;
    end += wide;
    return { part, number: place + 1, name: part.name, x: end - wide, wide };
  });
  const known = kernels.filter(({ part }) => part[which].us >= LEAST_NUMBERED * sum);
  const least = known.map(({ wide }) => wide).sort((a, b) => b - a)[mostLabels(width)] ?? 0;
  const labels = barLabels(
    known.filter(({ wide }) => wide > least),
    width,
  );
  const drawAt = (y: number): string => {
    const middle = y + BAR / 2 + 4;
    return [
      label(LEFT - 8, middle, which, { anchor: 'end', kind: 'strong' }),
      ...kernels.map(({ part, x }) => kernelOf(part, which, x, y, { scale, unit })),
      label(end + 8, middle, formatTimeUs(sum, unit), { kind: 'strong' }),
      labels.drawAt(y),
    ].join('');
  };
  return { height: labels.height, drawAt };
}

function kernelOf(
  part: WholePart,
  which: Which,
  x: number,
  y: number,
  { scale, unit }: Pick<Canvas, 'scale' | 'unit'>,
): string {
  const { us, spent } = part[which];
  const wide = us * scale;
  const words = `${which} ${part.name}, ${part.calls} × ${formatTimeUs(us / part.calls, unit)} = ${formatTimeUs(us, unit)}`;
  const inside = [
    element('title', {}, escapeText(words)),
    ...boxesOf(spent, x, y, wide),
    wide < LEAST_EDGED ? '' : element('rect', { x, y, width: wide, height: BAR, class: 'edge' }),
  ];
  return part.href === undefined
    ? element('g', {}, ...inside)
    : element('a', { href: part.href, tabindex: '-1', 'aria-label': words }, ...inside);
}

/** A box for each part of the time; one where that is not known, or all would be narrower than a pixel. */
function boxesOf(spent: Breakdown | null, x: number, y: number, wide: number): readonly string[] {
  const box = (from: number, width: number, kind: string): string =>
    element('rect', { x: from, y, width, height: BAR, class: kind });
  const whole = spent === null ? 0 : SPENT.reduce((sum, { of }) => sum + of(spent), 0);
  if (spent === null || whole === 0) return [box(x, wide, 'faint')];
  const most = SPENT.reduce((a, b) => (b.of(spent) > a.of(spent) ? b : a));
  if (wide < 1) return [box(x, wide, most.kind)];
  let at = x;
  return SPENT.filter(({ of }) => of(spent) > 0).map(({ kind, of }) => {
    const width = (wide * of(spent)) / whole;
    at += width;
    return box(at - width, width, kind);
  });
}

/** What the colours say, of those that a bar has. */
function legendAt(y: number, parts: readonly WholePart[], width: number): Pick<Figure, 'height' | 'body'> {
  const known = parts.flatMap((part) => [part.default.spent ?? [], part.tuned.spent ?? []].flat());
  const drawnKinds = SPENT.filter(({ of }) => known.some((spent) => of(spent) > 0));
  if (drawnKinds.length === 0) return { height: 0, body: '' };
  let [x, row] = [0, 0];
  const drawn = drawnKinds.map(({ name, kind }) => {
    const wide = LEGEND.box + name.length * TEXT_WIDTH + LEGEND.space;
    if (x + wide - LEGEND.space > width) [x, row] = [0, row + 1];
    const top = y + row * LEGEND.row;
    const entry =
      element('rect', { x, y: top, width: 12, height: 12, class: kind }) +
      label(x + LEGEND.box, top + 10, name, { kind: 'soft' });
    x += wide;
    return entry;
  });
  return { height: GAP + (row + 1) * LEGEND.row, body: drawn.join('') };
}

import type { IndexMap } from './ir.ts';

/** With more points than this, elements are bounded instead of enumerated. */
const ENUMERATED = 1 << 16;

type Touch = Readonly<{ at: IndexMap }>;

/**
 * How many distinct elements of 0 … elements − 1 the index maps reach when each dimension runs over
 * 0 … extent − 1.
 * Exact for nested and overlapping strides of one map, for several maps that are shifted copies at
 * equal distances, and for anything up to 65,536 points; the least of several upper bounds otherwise.
 */
export function distinctElements(
  touches: readonly Touch[],
  extents: ReadonlyMap<string, number>,
  elements: number,
): number {
  const shapes = groupByStrides(touches, extents);
  const counts = shapes.map((shape) => countShape(shape));
  const inside = shapes.every((shape) => shape.least >= 0 && shape.greatest < elements);
  if (counts.length === 1 && inside && counts[0] !== undefined) return counts[0];
  const points = shapes.reduce((sum, shape) => sum + product(shape.terms), 0);
  if (points <= ENUMERATED) return enumerate(shapes, elements);
  const bound = shapes.reduce((sum, shape, n) => sum + (counts[n] ?? boundShape(shape)), 0);
  return Math.min(bound, hull(shapes), elements);
}

type Term = Readonly<{ stride: number; extent: number }>;

/** offset + Σ stride · (0 … extent − 1): all maps with the same strides, their shifts as one more term. */
type Shape = Readonly<{ offset: number; terms: readonly Term[]; least: number; greatest: number }>;

function groupByStrides(touches: readonly Touch[], extents: ReadonlyMap<string, number>): readonly Shape[] {
  if (touches.length === 1) {
    const { terms, offset } = positiveTerms(touches[0].at, extents);
    return [shapeOf(offset, terms)];
  }
  const groups = new Map<string, Readonly<{ terms: readonly Term[]; offsets: number[] }>>();
  for (const { at } of touches) {
    const { terms, offset } = positiveTerms(at, extents);
    const key = terms.map(({ stride, extent }) => `${stride}*${extent}`).join('+');
    const group = groups.get(key) ?? { terms, offsets: [] };
    if (!group.offsets.includes(offset)) group.offsets.push(offset);
    groups.set(key, group);
  }
  return [...groups.values()].flatMap(({ terms, offsets }) => shifted(terms, offsets));
}

/** The terms that move the index, with positive strides, the smallest first; the offset is the least element. */
function positiveTerms(at: IndexMap, extents: ReadonlyMap<string, number>) {
  let { offset } = at;
  const terms: Term[] = [];
  for (const [name, stride] of Object.entries(at.strides)) {
    const extent = extents.get(name) ?? 1;
    if (stride === 0 || extent === 1) continue;
    if (stride < 0) offset += stride * (extent - 1);
    terms.push({ stride: Math.abs(stride), extent });
  }
  terms.sort((a, b) => a.stride - b.stride || a.extent - b.extent);
  return { offset, terms };
}

/** One shape where the offsets are evenly spaced (their distance is one more term), else a shape for each. */
function shifted(terms: readonly Term[], offsets: readonly number[]): readonly Shape[] {
  const sorted = [...offsets].sort((a, b) => a - b);
  const step = sorted.length > 1 ? sorted[1] - sorted[0] : 0;
  const even = sorted.every((offset, n) => offset === sorted[0] + n * step);
  if (!even) return sorted.map((offset) => shapeOf(offset, terms));
  const shift = step === 0 ? [] : [{ stride: step, extent: sorted.length }];
  return [
    shapeOf(
      sorted[0],
      [...terms, ...shift].sort((a, b) => a.stride - b.stride),
    ),
  ];
}

function shapeOf(offset: number, terms: readonly Term[]): Shape {
  const reach = terms.reduce((sum, { stride, extent }) => sum + stride * (extent - 1), 0);
  return { offset, terms, least: offset, greatest: offset + reach };
}

/**
 * The number of distinct sums of the terms; undefined where this rule does not give it. While the elements
 * so far are evenly spaced, a stride that is a multiple of the spacing and within the span makes the run
 * longer; a stride beyond the span makes separate copies of it.
 */
function countShape({ terms }: Shape): number | undefined {
  let spacing = 0;
  let count = 1;
  let span = 0;
  let even = true;
  for (const { stride, extent } of terms) {
    if (stride > span) {
      if (count === 1) spacing = stride;
      else even &&= stride === span + spacing;
      count *= extent;
    } else if (even && stride % spacing === 0) {
      count += (extent - 1) * (stride / spacing);
    } else {
      return undefined;
    }
    span += stride * (extent - 1);
  }
  return count;
}

function boundShape({ terms, least, greatest }: Shape): number {
  return Math.min(product(terms), greatest - least + 1);
}

function product(terms: readonly Term[]): number {
  return terms.reduce((count, { extent }) => count * extent, 1);
}

function hull(shapes: readonly Shape[]): number {
  if (shapes.length === 0) return 0;
  const least = Math.min(...shapes.map((shape) => shape.least));
  const greatest = Math.max(...shapes.map((shape) => shape.greatest));
  return greatest - least + 1;
}

function enumerate(shapes: readonly Shape[], elements: number): number {
  const found = new Set<number>();
  const visit = (terms: readonly Term[], depth: number, flat: number): void => {
    if (depth === terms.length) {
      if (flat >= 0 && flat < elements) found.add(flat);
      return;
    }
    const { stride, extent } = terms[depth];
    for (let i = 0; i < extent; i++) visit(terms, depth + 1, flat + stride * i);
  };
  for (const { terms, offset } of shapes) visit(terms, 0, offset);
  return found.size;
}

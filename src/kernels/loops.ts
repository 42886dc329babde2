import { type Point, ROW } from './rows.ts';

/** A loop over dimension `position` of a point. */
export type Loop = Readonly<{ position: number; extent: number }>;

/** Visits every point of the loops, the last fastest. */
export function forEachPoint(point: Point, loops: readonly Loop[], visit: () => void): void {
  const [first, ...rest] = loops;
  if (first === undefined) {
    visit();
    return;
  }
  for (let i = 0; i < first.extent; i++) {
    point[first.position] = i;
    forEachPoint(point, rest, visit);
  }
}

/** Visits every point of the loops in rows of at most ROW along the last. */
export function forEachRow(
  point: Point,
  loops: readonly Loop[],
  visit: (point: Point, count: number) => void,
): void {
  const inner = loops.at(-1);
  if (inner === undefined) {
    visit(point, 1);
    return;
  }
  forEachPoint(point, loops.slice(0, -1), () => {
    for (let start = 0; start < inner.extent; start += ROW) {
      point[inner.position] = start;
      visit(point, Math.min(ROW, inner.extent - start));
    }
  });
}

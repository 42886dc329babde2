/** Values of several objectives, all to be small. */
export type Values = readonly number[];

/** Those that no other dominates, in their order; of equal ones the first. */
export function paretoOptima<T>(all: readonly T[], valuesOf: (one: T) => Values): readonly T[] {
  const sorted = all
    .map((one, place) => ({ one, place, values: valuesOf(one) }))
    .sort((a, b) => lexically(a.values, b.values) || a.place - b.place);
  // Whoever dominates another comes before it in this order.
  const front: typeof sorted = [];
  for (const next of sorted)
    if (!front.some(({ values }) => values.every((value, i) => value <= next.values[i]))) front.push(next);
  return front.sort((a, b) => a.place - b.place).map(({ one }) => one);
}

function lexically(a: Values, b: Values): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i] - b[i];
  return 0;
}

/** The volume that a set of points dominates, up to a reference point. */
export function hypervolume(points: readonly Values[], reference: Values): number {
  const inside = points.filter((point) => point.every((value, i) => value < reference[i]));
  if (inside.length === 0) return 0;
  if (reference.length === 1) return reference[0] - Math.min(...inside.map(([value]) => value));
  // Slices along the last objective: what is dominated in the others between one value and the next.
  const last = reference.length - 1;
  const sorted = [...inside].sort((a, b) => a[last] - b[last]);
  let volume = 0;
  for (const [place, point] of sorted.entries()) {
    const next = sorted[place + 1]?.[last] ?? reference[last];
    if (next === point[last]) continue;
    const below = sorted.slice(0, place + 1).map((one) => one.slice(0, last));
    volume += (next - point[last]) * hypervolume(below, reference.slice(0, last));
  }
  return volume;
}

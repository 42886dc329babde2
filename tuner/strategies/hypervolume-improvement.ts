import { normalBelow } from '../models/expected-improvement.ts';
import type { Values } from '../objectives/front.ts';

/** What a model expects of one objective of a candidate: a normal distribution. */
export type ExpectedValue = Readonly<{ mean: number; sd: number }>;

/** A front and the point up to which the volume that it dominates counts. */
export type Dominated = Readonly<{ front: readonly Values[]; reference: Values }>;

/**
 * By how much the hypervolume is expected to grow by a candidate whose objectives are independent (Emmerich, Yang,
 * Deutz et al. 2016 for two): exact for two, by quadrature over the others for more.
 */
export function expectedHypervolumeImprovement(
  { front, reference }: Dominated,
  expected: readonly ExpectedValue[],
): number {
  if (reference.length === 2) return ofTwo(front, reference, expected);
  // The last objective takes a few values of equal weight; what the others add is counted above each of them.
  const last = reference.length - 1;
  const { mean, sd } = expected[last];
  const rest = reference.slice(0, last);
  let sum = 0;
  for (const quantile of QUANTILES) {
    const value = mean + quantile * sd;
    sum += volumeAbove(front, reference, value, (below) =>
      expectedHypervolumeImprovement({ front: below, reference: rest }, expected.slice(0, last)),
    );
  }
  return sum / QUANTILES.length;
}

/** Middles of four equal parts of a standard normal. */
const QUANTILES = Object.freeze([-1.15, -0.319, 0.319, 1.15]);

/** What is added between a value of the last objective and its reference, slice by slice. */
function volumeAbove(
  front: readonly Values[],
  reference: Values,
  from: number,
  added: (below: readonly Values[]) => number,
): number {
  const last = reference.length - 1;
  const levels = [from, ...front.map((point) => point[last]).filter((level) => level > from)]
    .filter((level) => level < reference[last])
    .sort((a, b) => a - b);
  return levels.reduce((sum, level, i) => {
    const next = levels[i + 1] ?? reference[last];
    if (next === level) return sum;
    const below = front.filter((point) => point[last] <= level).map((point) => point.slice(0, last));
    return sum + (next - level) * added(below);
  }, 0);
}

/** Strips along the first objective, below whose upper edge the candidate may lie. */
function ofTwo(
  front: readonly Values[],
  [right, top]: Values,
  [first, second]: readonly ExpectedValue[],
): number {
  const steps = front.filter(([x, y]) => x < right && y < top).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  let sum = 0;
  let edge = 0;
  let height = top;
  for (const [x, y] of steps) {
    if (y >= height) continue;
    const upTo = shortfall(x, first);
    sum += (upTo - edge) * shortfall(height, second);
    edge = upTo;
    height = y;
  }
  return sum + (shortfall(right, first) - edge) * shortfall(height, second);
}

/** By how much a normal quantity is expected to fall below a bound. */
function shortfall(bound: number, { mean, sd }: ExpectedValue): number {
  if (sd <= 0) return Math.max(0, bound - mean);
  const z = (bound - mean) / sd;
  return sd * (z * normalBelow(z) + Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI));
}

type Point = Readonly<{ at: readonly number[]; value: number }>;

/**
 * The downhill simplex of Nelder and Mead (1965) with its usual coefficients. Deterministic: the
 * first simplex is `start` and a step of `size` along each axis.
 */
export function nelderMead(
  f: (at: readonly number[]) => number,
  start: readonly number[],
  size: number,
  iterations: number,
): Point {
  const evaluate = (at: readonly number[]): Point => ({ at, value: f(at) });
  let simplex = [
    evaluate(start),
    ...start.map((_, axis) => evaluate(start.map((x, i) => (i === axis ? x + size : x)))),
  ];
  for (let iteration = 0; iteration < iterations; iteration++) {
    simplex = simplex.toSorted((a, b) => a.value - b.value);
    const worst = simplex[simplex.length - 1];
    const others = simplex.slice(0, -1);
    const centre = start.map((_, i) => others.reduce((sum, { at }) => sum + at[i], 0) / others.length);
    const along = (factor: number) => evaluate(centre.map((x, i) => x + factor * (worst.at[i] - x)));
    const replacement = betterPoint(along, others, worst);
    simplex = replacement === undefined ? shrunk(simplex, evaluate) : [...others, replacement];
  }
  return simplex.reduce((best, point) => (point.value < best.value ? point : best));
}

/** Reflects, expands or contracts the worst point; undefined if nothing helps. */
function betterPoint(
  along: (factor: number) => Point,
  others: readonly Point[],
  worst: Point,
): Point | undefined {
  const reflected = along(-1);
  if (reflected.value < others[0].value) {
    const expanded = along(-2);
    return expanded.value < reflected.value ? expanded : reflected;
  }
  if (reflected.value < others[others.length - 1].value) return reflected;
  const contracted = along(reflected.value < worst.value ? -0.5 : 0.5);
  return contracted.value < Math.min(reflected.value, worst.value) ? contracted : undefined;
}

function shrunk([best, ...others]: readonly Point[], evaluate: (at: readonly number[]) => Point): Point[] {
  return [best, ...others.map(({ at }) => evaluate(at.map((x, i) => best.at[i] + (x - best.at[i]) / 2)))];
}

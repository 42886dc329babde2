import { referencePlace } from './reference.ts';
import { quantileOf, sortedOf } from './statistics.ts';

type Row = readonly (number | null)[];

/** A comparison may end once every ratio is known to this, as half the width of its interval over its median … */
const PRECISION = 0.02;
/** … and closer for those within this factor of the fastest, as one of them will be recommended. */
const NEAR = 1.05;
const PRECISION_NEAR = 0.01;

/** A ratio's median with the distribution-free 95 % interval: the order statistics n/2 ± 0.98 √n. */
type Ratio = Readonly<{ median: number; halfWidth: number }>;

/** Every variant's ratio to the reference is known well enough. */
export function isPreciseEnough(roundsUs: readonly Row[]): boolean {
  const reference = referencePlace(roundsUs);
  const ratios = roundsUs[0]
    .map((_, variant) => ratioTo(reference, roundsUs, variant))
    .filter((_, variant) => variant !== reference);
  const fastest = Math.min(1, ...ratios.map(({ median }) => median));
  return ratios.every(({ median, halfWidth }) => {
    const precision = median <= fastest * NEAR ? PRECISION_NEAR : PRECISION;
    return halfWidth <= precision * median;
  });
}

function ratioTo(reference: number, roundsUs: readonly Row[], variant: number): Ratio {
  const ratios = roundsUs.flatMap((row) => {
    const [baseline, time] = [row[reference], row[variant]];
    return baseline === null || time === null ? [] : [time / baseline];
  });
  const reach = 0.98 / Math.sqrt(ratios.length);
  if (!(reach < 0.5)) return { median: Number.NaN, halfWidth: Number.POSITIVE_INFINITY };
  const sorted = sortedOf(ratios);
  const width = quantileOf(sorted, 0.5 + reach) - quantileOf(sorted, 0.5 - reach);
  return { median: quantileOf(sorted, 0.5), halfWidth: width / 2 };
}

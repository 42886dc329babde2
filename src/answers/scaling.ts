import {
  type GainFigure,
  isKnown,
  isUnknown,
  type OrUnknown,
  unknown,
} from '../../tuner/attribution/gain.ts';

/** The gain of a mechanism at one size: strictly on, all else re-tuned, against off. */
export type ScalingPoint = Readonly<{ elements: number; forced: GainFigure }>;

/** Sizes at which a mechanism pays; null for an end beyond the sizes whose gain is known. */
export type PayingRange = Readonly<{ from: number | null; to: number | null }>;

/** The gain from which a mechanism pays. */
export const BREAK_EVEN = 1;

/**
 * The ranges in which the gain is at least break-even, interpolated linearly in the logarithms of size
 * and gain. Points must be sorted by size; those without a gain are left out.
 */
export function payingRanges(points: readonly ScalingPoint[]): readonly PayingRange[] {
  const known = points.flatMap(({ elements, forced }) =>
    isKnown(forced) ? [{ elements, gain: forced.value }] : [],
  );
  const ranges: PayingRange[] = [];
  let from: number | null = null;
  known.forEach((point, place) => {
    const before = known[place - 1];
    const after = known[place + 1];
    if (point.gain < BREAK_EVEN) return;
    if (before !== undefined && before.gain < BREAK_EVEN) from = crossing(before, point);
    if (after === undefined) ranges.push({ from, to: null });
    else if (after.gain < BREAK_EVEN) {
      ranges.push({ from, to: crossing(point, after) });
      from = null;
    }
  });
  return ranges;
}

/** The size above which a mechanism always pays; unknown where no gain is known, or it pays at no or at every size. */
export function breakEvenSize(
  points: readonly ScalingPoint[],
  ranges: readonly PayingRange[],
): OrUnknown<number> {
  const figures = points.map(({ forced }) => forced);
  const [reason] = figures.filter(isUnknown);
  if (reason !== undefined && figures.every(isUnknown))
    return unknown(reason.unknown, `the gain is unknown at every size; at the first: ${reason.why}`);
  const last = ranges.at(-1);
  if (last === undefined) return unknown('not applicable', 'it pays at no size whose gain is known');
  if (last.to !== null) return unknown('not applicable', 'it does not pay at the largest size');
  return last.from ?? unknown('not applicable', 'it pays at every size whose gain is known');
}

type Known = Readonly<{ elements: number; gain: number }>;

function crossing(a: Known, b: Known): number {
  const share = (Math.log(BREAK_EVEN) - Math.log(a.gain)) / (Math.log(b.gain) - Math.log(a.gain));
  return Math.round(a.elements * (b.elements / a.elements) ** share);
}

import type { Gain } from '../../tuner/attribution/gain.ts';

/** The gain of a mechanism at one size: strictly on, all else re-tuned, against off. */
export type ScalingPoint = Readonly<{ elements: number; forced: Gain | null }>;

/** Sizes at which a mechanism pays; an end that lies outside what was tried is null. */
export type PayingRange = Readonly<{ from: number | null; to: number | null }>;

/** The gain from which a mechanism pays. */
export const BREAK_EVEN = 1;

/**
 * Where the gain lies at or above break-even. Between two sizes it is taken as a straight line in the
 * logarithms of size and gain. Points stand in the order of their size; those without a gain are left out.
 */
export function payingRanges(points: readonly ScalingPoint[]): readonly PayingRange[] {
  const known = points.flatMap(({ elements, forced }) =>
    forced === null ? [] : [{ elements, gain: forced.value }],
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

/** The size from which a mechanism pays at every larger one; null where there is none, or none smaller. */
export function breakEvenSize(ranges: readonly PayingRange[]): number | null {
  const last = ranges.at(-1);
  return last?.to === null ? last.from : null;
}

type Known = Readonly<{ elements: number; gain: number }>;

function crossing(a: Known, b: Known): number {
  const share = (Math.log(BREAK_EVEN) - Math.log(a.gain)) / (Math.log(b.gain) - Math.log(a.gain));
  return Math.round(a.elements * (b.elements / a.elements) ** share);
}

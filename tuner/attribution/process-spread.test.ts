import { describe, expect, it } from 'vitest';
import { normal, randomFor } from '../../search-space/random.ts';
import type { Comparison } from '../../store/comparison.ts';
import { knownOr, ratio } from './gain.ts';
import { processSpread } from './process-spread.ts';

const VARIANTS = 12;
const PROCESSES = 5;
const ROUNDS = 5;

/** Twelve variants of 100 µs, but for noise of 1 % in each round and a shift for each process. */
function comparisonOf(seed: number, shift: number): Comparison {
  const random = randomFor('comparison', seed);
  const roundsUs = Array.from({ length: PROCESSES }, () => {
    const shifts = Array.from({ length: VARIANTS }, () => shift * normal(random));
    return Array.from({ length: ROUNDS }, () =>
      shifts.map((at) => 100 * Math.exp(at + 0.01 * normal(random))),
    );
  }).flat();
  const variants = Array.from({ length: VARIANTS }, (_, n) => ({ label: String(n), configuration: { n } }));
  const roundsByProcess = Array.from({ length: PROCESSES }, () => ROUNDS);
  return { kind: 'sampled', variants, roundsUs, roundsByProcess, comparedAt: 0, environment: {} };
}

/** How many of 60 comparisons have the true ratio, 1, in their interval. */
function held(shift: number, change: (comparison: Comparison) => Comparison = (same) => same): number {
  return Array.from({ length: 60 }, (_, seed) => ratio(change(comparisonOf(seed, shift)), 1, 2)).filter(
    (gain) => {
      const { low, high } = knownOr(gain ?? undefined) ?? {};
      return low != null && high != null && low <= 1 && high >= 1;
    },
  ).length;
}

describe('the spread between processes', () => {
  it('is part of the interval of a gain', () => {
    expect(held(0.05)).toBeGreaterThanOrEqual(54);
    const rounds = ({ roundsByProcess: _, ...rest }: Comparison): Comparison => rest;
    expect(held(0.05, rounds)).toBeLessThan(45);
  });

  it('hardly widens the interval where there is none', () => {
    const widths = Array.from({ length: 20 }, (_, seed) => {
      const gain = knownOr(ratio(comparisonOf(seed, 0), 1, 2) ?? undefined);
      return (gain?.high ?? Number.NaN) / (gain?.low ?? Number.NaN);
    });
    expect(Math.max(...widths)).toBeLessThan(1.04);
  });

  it('is about its true size, and zero for one process', () => {
    const [first] = processSpread(comparisonOf(1, 0.05));
    expect(first).toBeGreaterThan(0.01);
    expect(first).toBeLessThan(0.05);
    const { roundsByProcess: _, ...one } = comparisonOf(1, 0.05);
    expect(processSpread(one)).toEqual(Array(VARIANTS).fill(0));
    expect(processSpread({ ...one, roundsByProcess: [25] })).toEqual(Array(VARIANTS).fill(0));
  });

  it('leaves rounds without a time out', () => {
    const whole = comparisonOf(2, 0.05);
    const roundsUs = whole.roundsUs.map((round, n) => (n < ROUNDS ? [null, ...round.slice(1)] : round));
    const spread = processSpread({ ...whole, roundsUs });
    expect(spread.every((error) => Number.isFinite(error) && error >= 0)).toBe(true);
  });
});

import { describe, expect, it } from 'vitest';
import type { Comparison } from '../../store/comparison.ts';
import { ratio } from './gain.ts';

/** Two variants in ten rounds; the second has an undisturbed sample in some of them only. */
function comparisonWith(clean: number): Comparison {
  const roundsUs = Array.from({ length: 10 }, (_, round) => [
    100 + round,
    round < clean ? 50 + (round % 3) : null,
  ]);
  const variants = [1, 2].map((tile) => ({ label: String(tile), configuration: { tile } }));
  return { kind: 'sampled', variants, roundsUs, environment: {}, comparedAt: 0 };
}

describe('the gain of a noisy comparison', () => {
  it.each([1, 2, 4])('has no interval from %i undisturbed rounds', (clean) => {
    expect(ratio(comparisonWith(clean), 0, 1)).toMatchObject({ low: null, high: null });
  });

  it.each([5, 10])('has one from %i undisturbed rounds, which is not a point', (clean) => {
    const gain = ratio(comparisonWith(clean), 0, 1);
    expect(gain?.low).toBeLessThan(gain?.high ?? Number.NaN);
  });

  it('is null if nothing was undisturbed', () => {
    expect(ratio(comparisonWith(0), 0, 1)).toBeNull();
  });
});

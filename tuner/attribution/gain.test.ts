import { describe, expect, it } from 'vitest';
import type { Comparison } from '../../store/comparison.ts';
import { knownOr, ratio } from './gain.ts';

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
  it.each([1, 2, 4])('is unknown from %i undisturbed rounds', (clean) => {
    const why = `${clean} of 10 rounds clean in the final comparison, fewer than 5`;
    expect(ratio(comparisonWith(clean), 0, 1)).toEqual({ unknown: 'disturbed', why });
  });

  it.each([5, 10])('has one from %i undisturbed rounds, which is not a point', (clean) => {
    const gain = knownOr(ratio(comparisonWith(clean), 0, 1) ?? undefined);
    expect(gain?.low).toBeLessThan(gain?.high ?? Number.NaN);
  });

  it('is unknown from too few rounds, or the screening alone', () => {
    const whole = comparisonWith(10);
    const few = { ...whole, roundsUs: whole.roundsUs.slice(0, 3) };
    const why = '3 rounds of the final comparison, fewer than 5';
    expect(ratio(few, 0, 1)).toEqual({ unknown: 'searched too little', why });
    expect(ratio({ ...whole, environment: { screeningOnly: true } }, 0, 1)).toMatchObject({
      unknown: 'searched too little',
    });
  });

  it('has an interval of width zero only where both sides or all times are the same', () => {
    const whole = comparisonWith(10);
    expect(ratio(whole, 1, 1)).toMatchObject({ value: 1, low: 1, high: 1 });
    const timed = (roundsUs: Comparison['roundsUs']): Comparison => ({ ...whole, roundsUs });
    expect(ratio(timed(Array.from({ length: 10 }, () => [2, 1])), 0, 1)).toMatchObject({ low: 2, high: 2 });
    const coarse = Array.from({ length: 20 }, (_, round) => [2, round === 0 ? 1 : 2]);
    expect(ratio(timed(coarse), 0, 1)).toMatchObject({ unknown: 'searched too little' });
  });

  it('is null if nothing was undisturbed', () => {
    expect(ratio(comparisonWith(0), 0, 1)).toBeNull();
  });
});

import { describe, expect, it } from 'vitest';
import { normal, randomFor } from '../../search-space/random.ts';
import type { Comparison } from '../../store/comparison.ts';
import { differenceOf } from './difference.ts';
import { knownOr } from './gain.ts';

const variants = ['a', 'b'].map((label) => ({ label, configuration: { tile: label } }));
const compared = (kind: Comparison['kind'], roundsUs: Comparison['roundsUs']): Comparison => ({
  kind,
  variants,
  roundsUs,
  comparedAt: 0,
  environment: {},
});

/** Rounds of two variants whose times scatter by 1 %; b takes `factor` of a. */
function sampled(factor: number, seed: number, rounds = 30): Comparison {
  const random = randomFor('difference', seed);
  const noisy = (timeUs: number) => timeUs * (1 + 0.01 * normal(random));
  return compared(
    'sampled',
    Array.from({ length: rounds }, () => [noisy(100), noisy(100 * factor)]),
  );
}

describe('on a noisy clock', () => {
  it('sees no difference where there is none, but in about one of twenty comparisons', () => {
    const seen = Array.from({ length: 200 }, (_, seed) => differenceOf(sampled(1, seed))?.outcome);
    expect(seen.filter((outcome) => outcome !== 'unseen').length).toBeLessThan(20);
  });

  it('sees a difference of the size that it calls detectable in about four of five comparisons', () => {
    const detectable = Array.from(
      { length: 50 },
      (_, seed) => knownOr(differenceOf(sampled(1, seed))?.detectable) ?? 0,
    );
    const factor = detectable.reduce((sum, each) => sum + each, 0) / detectable.length;
    expect(factor).toBeGreaterThan(1.003);
    expect(factor).toBeLessThan(1.02);
    const seen = Array.from({ length: 200 }, (_, seed) => differenceOf(sampled(factor, seed + 500))?.outcome);
    const found = seen.filter((outcome) => outcome === 'a').length;
    expect(found).toBeGreaterThan(130);
    expect(found).toBeLessThan(195);
    expect(seen).not.toContain('b');
  });

  it('says which is faster, and by how much', () => {
    const difference = differenceOf(sampled(0.5, 1));
    expect(difference).toMatchObject({ outcome: 'b', rounds: 30 });
    expect(knownOr(difference?.gain)?.value).toBeCloseTo(2, 1);
  });

  it('says nothing from too few rounds, or without a time', () => {
    expect(differenceOf(sampled(0.5, 1, 4))).toMatchObject({
      outcome: 'too-few',
      rounds: 4,
      gain: { unknown: 'searched too little' },
      detectable: { unknown: 'searched too little' },
    });
    expect(differenceOf(compared('sampled', [[1, null]]))).toBeNull();
  });
});

describe('on an exact clock', () => {
  it.each([
    ['equal', [[4, 4]]],
    ['a', [[4, 5]]],
    ['b', [[5, 4]]],
    [
      'b',
      [
        [5, 4],
        [6, 4],
      ],
    ],
    [
      'unclear',
      [
        [5, 4],
        [4, 5],
      ],
    ],
  ] as const)('%s: %j', (outcome, roundsUs) => {
    expect(differenceOf(compared('ensemble', roundsUs))).toMatchObject({
      outcome,
      detectable: { unknown: 'not applicable' },
    });
  });
});

import { describe, expect, it } from 'vitest';
import { normal, type Random, randomFor } from '../../search-space/random.ts';
import type { TimedPair } from '../../store/verification.ts';
import { exactVerdict, falseClaimsAt, PairTest } from './pair-test.ts';
import { SignedBets } from './signed-bets.ts';

const HEAVY = (random: Random): number => normal(random) / Math.abs(normal(random));
const SKEWED = (random: Random): number => -Math.log(1 - random());
const SPIKED = (random: Random): number => (random() < 0.9 ? 0.1 : 5) * random();

/** The pair at which a test decides, and what; each side has the scatter `of` a noise. */
function decided(
  { gain, scatter, by, of }: Readonly<{ gain: number; scatter: number; by: number; of: typeof normal }>,
  random: Random,
  most: number,
): Readonly<{ verdict: string; timings: number }> {
  const test = new PairTest(by, falseClaimsAt(0));
  for (let pairs = 1; pairs <= most; pairs++) {
    // Both share the drift of the machine.
    const drift = Math.sin(pairs / 20);
    const [winner, against] = [of(random), of(random)];
    test.add([Math.exp(drift + scatter * winner), (1 + gain) * Math.exp(drift + scatter * against)]);
    if (test.verdict !== 'unknown') return { verdict: test.verdict, timings: 2 * pairs };
  }
  return { verdict: 'unknown', timings: Number.POSITIVE_INFINITY };
}

/** The share of tests that claim each answer within so many pairs. */
function rates(asked: Parameters<typeof decided>[0], tests: number, most: number, name: string) {
  const found = Array.from(
    { length: tests },
    (_, n) => decided(asked, randomFor('rates', name, n), most).verdict,
  );
  const shareOf = (verdict: string) => found.filter((each) => each === verdict).length / tests;
  return { faster: shareOf('faster'), notFaster: shareOf('not faster') };
}

/** The most of 1,000 that a rate of 1 % shows but once in a thousand such samples. */
const SEEN = 0.021;

describe('the rate of false claims', () => {
  it.each([
    ['normal', normal],
    ['heavy-tailed', HEAVY],
    ['skewed', SKEWED],
    ['spiked', SPIKED],
  ] as const)('is at most as stated with %s noise', (name, of) => {
    const { faster, notFaster } = rates({ gain: 0, scatter: 0.05, by: 0, of }, 1000, 120, name);
    expect(faster).toBeLessThan(SEEN);
    expect(notFaster).toBeLessThan(SEEN);
  });

  it('holds for a gain of exactly what is asked for', () => {
    const { faster } = rates({ gain: 0.02, scatter: 0.05, by: 0.02, of: normal }, 1000, 120, 'exactly');
    expect(faster).toBeLessThan(SEEN);
  });

  it('is shared out over all winners of a study', () => {
    const all = Array.from({ length: 40 }, (_, place) => falseClaimsAt(place));
    expect(all.reduce((sum, each) => sum + each, 0)).toBeCloseTo(0.01, 12);
  });
});

/** Claims about times at 5 % of scatter, as a clock of whole units shows them. */
function coarseRates(level: number, gain: number, by: number) {
  const tests = 1000;
  const found = Array.from({ length: tests }, (_, n) => {
    const random = randomFor('coarse', level, gain, by, n);
    const shown = (time: number): number => Math.max(1, Math.round(time * Math.exp(0.05 * normal(random))));
    const test = new PairTest(by, falseClaimsAt(0));
    for (let pairs = 0; pairs < 120 && test.verdict === 'unknown'; pairs++)
      test.add([shown(level), shown(level * (1 + gain))]);
    return test.verdict;
  });
  const shareOf = (verdict: string) => found.filter((each) => each === verdict).length / tests;
  return { faster: shareOf('faster'), notFaster: shareOf('not faster') };
}

describe('the rate of false claims on a coarse clock', () => {
  it.each([3, 7, 10, 13, 50, 8000])('is at most as stated where both sides take %d units', (level) => {
    const { faster, notFaster } = coarseRates(level, 0, 0);
    expect(faster).toBeLessThan(SEEN);
    expect(notFaster).toBeLessThan(SEEN);
    expect(coarseRates(level, 0, 0.02).faster).toBeLessThan(SEEN);
  });

  it.each([3, 7, 10.4, 13, 50, 8000])(
    'holds for a gain of exactly what is asked for at %d units',
    (level) => {
      const { faster, notFaster } = coarseRates(level, 0.02, 0.02);
      expect(faster).toBeLessThan(SEEN);
      expect(notFaster).toBeLessThan(SEEN);
    },
  );
});

describe('the timings until a gain is proven', () => {
  it.each([
    { gain: 0.02, scatter: 0.01, most: 40 },
    { gain: 0.05, scatter: 0.05, most: 60 },
    { gain: 0.02, scatter: 0.05, most: 250 },
  ])('are at most $most in the median for $gain at a scatter of $scatter', ({ gain, scatter, most }) => {
    const timings = Array.from(
      { length: 400 },
      (_, n) => decided({ gain, scatter, by: 0, of: normal }, randomFor('proof', n), 300).timings,
    ).sort((a, b) => a - b);
    expect(timings[200]).toBeLessThanOrEqual(most);
  });
});

describe('a test of pairs', () => {
  const fold = (pairs: readonly TimedPair[], by: number): string => {
    const test = new PairTest(by, falseClaimsAt(0));
    for (const pair of pairs) test.add(pair);
    return test.verdict;
  };
  /** Pairs of a clock whose steps are far smaller than what is asked for. */
  const fine = (ratio: number): readonly TimedPair[] =>
    Array.from({ length: 20 }, (_, n) => [1 + n * 1e-6, ratio * (1 + n * 1e-6)]);

  it('says as soon that a slower one is not faster, and less than was asked for is not enough', () => {
    expect(fold(Array(12).fill([2, 1]), 0)).toBe('not faster');
    expect(fold(fine(1.01), 0.02)).toBe('not faster');
    expect(fold(fine(1.03), 0.02)).toBe('faster');
  });

  it('does not tell a share by steps of a clock that may be as large', () => {
    expect(fold(Array(500).fill([10, 11]), 0.05)).toBe('unknown');
    expect(fold(Array(500).fill([10, 10]), 0.05)).toBe('unknown');
    expect(fold(Array(20).fill([10, 20]), 0)).toBe('faster');
  });

  it('bets on opposite steps alike, though their logarithms differ in the last digit', () => {
    const [above, below] = [new SignedBets(), new SignedBets()];
    for (let n = 0; n < 200; n++) {
      const difference = Math.log(n % 2 === 0 ? 11 / 10 : 10 / 11);
      above.add(difference);
      below.add(-difference);
    }
    expect(above.log).toBeCloseTo(below.log, 6);
  });

  it('claims nothing whose median is no difference', () => {
    // Three of ten pairs are faster, and none slower: evidence, but 1.0000× in the median.
    const pairs = Array.from({ length: 300 }, (_, n): TimedPair => [10, n % 10 < 3 ? 11 : 10]);
    expect(fold(pairs, 0)).toBe('unknown');
    expect(
      fold(
        pairs.map(([a, b]): TimedPair => [b, a]),
        0,
      ),
    ).toBe('unknown');
  });

  it('learns nothing of a clock that tells no difference, and little of few pairs', () => {
    expect(fold(Array(500).fill([1, 1]), 0)).toBe('unknown');
    expect(fold(Array(6).fill([1, 9]), 0)).toBe('unknown');
  });

  it('stays with what it decided', () => {
    expect(fold([...Array(20).fill([1, 2]), ...Array(200).fill([2, 1])], 0)).toBe('faster');
  });

  it('takes exact times at their word, one for each accepted parameter set', () => {
    expect(exactVerdict([[1, 1.02]], 0)).toBe('faster');
    expect(exactVerdict([[1, 1]], 0)).toBe('not faster');
    expect(
      exactVerdict(
        [
          [1, 1.02],
          [1, 0.99],
        ],
        0,
      ),
    ).toBe('unknown');
  });
});

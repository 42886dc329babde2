import { describe, expect, it } from 'vitest';
import { categorical, flag, ordinal } from '../../search-space/parameters.ts';
import { integerBelow, randomFor } from '../../search-space/random.ts';
import { plainEncoding } from './encoding.ts';
import { fitForest, predictForest } from './forest.ts';
import { varianceShares } from './functional-anova.ts';

const parameters = [
  ordinal('tile', [1, 2, 4, 8]),
  categorical('staging', ['direct', 'copy', 'dma']),
  flag('fast'),
  ordinal('only', [7]),
];
const all = [0, 1, 2, 3].flatMap((tile) =>
  [0, 1, 2].flatMap((staging) => [0, 1].map((fast) => Int32Array.of(tile, staging, fast, 0))),
);
const { encode, columns } = plainEncoding(parameters);
const mean = (numbers: readonly number[]) => numbers.reduce((sum, each) => sum + each, 0) / numbers.length;

function forestOf(members: readonly Int32Array[], time: (digits: Int32Array) => number, trees: number) {
  const options = { trees, tries: columns, random: randomFor('anova', trees) };
  return fitForest(encode(members), Float64Array.from(members, time), options);
}

/** Var(E[f | places]) by a list of all combinations. */
function explainedBy(values: Float64Array, places: readonly number[]): number {
  const whole = mean([...values]);
  const groups = new Map<string, number[]>();
  all.forEach((digits, i) => {
    const key = places.map((place) => digits[place]).join();
    groups.set(key, [...(groups.get(key) ?? []), values[i]]);
  });
  return mean(
    all.map((digits) => (mean(groups.get(places.map((p) => digits[p]).join()) ?? []) - whole) ** 2),
  );
}

describe('functional ANOVA of a forest', () => {
  it('agrees with a list of all combinations, for a tree that saw a few of them', () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const random = randomFor('seen', seed);
      const seen = Array.from({ length: 9 }, () => all[integerBelow(random, all.length)]);
      const forest = forestOf(seen, () => random(), 1);
      const { mean: values } = predictForest(forest, encode(all));
      const variance = explainedBy(values, [0, 1, 2, 3]);
      const { mains, pairs } = varianceShares(forest, parameters);
      [0, 1, 2, 3].forEach((place) => {
        expect(mains[place]).toBeCloseTo(explainedBy(values, [place]) / variance, 10);
      });
      for (const { places, share } of pairs) {
        const [a, b] = places;
        const both = explainedBy(values, places) - explainedBy(values, [a]) - explainedBy(values, [b]);
        expect(share).toBeCloseTo(both / variance, 10);
      }
      expect(pairs.map(({ places }) => places)).toEqual([
        [0, 1],
        [0, 2],
        [1, 2],
      ]);
    }
  });

  it('finds which parameters add, and which act together', () => {
    const time = ([tile, staging, fast]: Int32Array) => tile + (staging === 2 ? 2 * fast - 1 : 0);
    const values = Float64Array.from(all, time);
    const variance = explainedBy(values, [0, 1, 2]);
    const { mains, pairs } = varianceShares(forestOf(all, time, 16), parameters);
    expect(mains[0]).toBeCloseTo(1.25 / variance, 10);
    expect(mains[3]).toBeCloseTo(0, 10);
    expect(pairs.find(({ places }) => places.join() === '0,1')?.share).toBeCloseTo(0, 10);
    const together = explainedBy(values, [1, 2]) - explainedBy(values, [1]) - explainedBy(values, [2]);
    expect(together).toBeGreaterThan(0.1);
    expect(pairs.find(({ places }) => places.join() === '1,2')?.share).toBeCloseTo(together / variance, 10);
  });

  it('gives nothing to anybody where nothing varies, and takes thousands of values', () => {
    const many = [
      ordinal(
        'size',
        Array.from({ length: 5000 }, (_, i) => i + 1),
      ),
      flag('fast'),
    ];
    const { encode: rows, columns: tries } = plainEncoding(many);
    const members = Array.from({ length: 400 }, (_, i) => Int32Array.of((i * 1237) % 5000, i % 2));
    const fitted = (time: (digits: Int32Array) => number) =>
      varianceShares(
        fitForest(rows(members), Float64Array.from(members, time), { trees: 8, tries, random: randomFor(1) }),
        many,
      ).mains;
    expect([...fitted(() => 3)]).toEqual([0, 0]);
    const [size, fast] = fitted(([digit, isFast]) => digit / 5000 + isFast);
    // Var: 1/12 of the size, 1/4 of the flag.
    expect(size).toBeCloseTo(0.25, 1);
    expect(fast).toBeCloseTo(0.75, 1);
  });
});

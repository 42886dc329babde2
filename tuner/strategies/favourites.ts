import type { Random } from '../../search-space/random.ts';
import type { SearchSpace } from '../../search-space/search-space.ts';
import type { Trend } from '../models/trend.ts';

const DRAWN = 400;
const ROUNDS = 3;
const CENTRES = 10;
const KEPT = 300;

/** The members that a prior predicts to be fastest, best first: of a random sample, and of the neighbours of its best. */
export function favouritesOf(prior: Trend, space: SearchSpace, random: Random): readonly number[] {
  const predicted = new Map<number, number>();
  const predict = (indices: readonly number[]): void => {
    const fresh = [...new Set(indices)].filter((index) => !predicted.has(index));
    const expected = prior(fresh.map((index) => space.digitsAt(index)));
    fresh.forEach((index, i) => {
      predicted.set(index, expected[i]);
    });
  };
  const best = (count: number): number[] =>
    [...predicted]
      .sort((a, b) => a[1] - b[1] || a[0] - b[0])
      .slice(0, count)
      .map(([index]) => index);
  predict(Array.from({ length: DRAWN }, () => space.sample(random)));
  for (let round = 0; round < ROUNDS; round++) {
    predict(best(CENTRES).flatMap((index) => space.neighbours(index, 'hamming')));
  }
  return best(KEPT);
}

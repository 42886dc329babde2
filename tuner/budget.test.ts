import { expect, it } from 'vitest';
import { timeLeft } from './budget.ts';

it('tells no time left for the rest of the trials from the first few alone', () => {
  const after = (settled: number) =>
    timeLeft({ trials: 300 }, { settled, activeMs: 100 * settled, now: 0, sinceGain: 0 });
  expect(after(2)).toBeUndefined();
  expect(after(10)).toBe(29_000);
});

it('counts the final comparison as left, which is a part of a budget of time only', () => {
  const progress = { settled: 20, activeMs: 2000, now: 5000, sinceGain: 0, comparisonMs: 700 };
  expect(timeLeft({ trials: 30 }, progress)).toBe(1700);
  expect(timeLeft({ trials: 20 }, progress)).toBe(700);
  expect(timeLeft({ until: 6000 }, progress)).toBe(1700);
  expect(timeLeft({ forMs: 3000 }, progress)).toBe(1000);
});

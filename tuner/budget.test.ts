import { expect, it } from 'vitest';
import { timeLeft } from './budget.ts';

it('tells no time left for the rest of the trials from the first few alone', () => {
  const after = (settled: number) =>
    timeLeft(
      { trials: 300 },
      { settled, activeMs: 5000 + 100 * settled, now: 0, sinceGain: 0, trialMs: 100 },
    );
  expect(after(2)).toBeUndefined();
  expect(after(64)).toBeUndefined();
  expect(after(75)).toBe(22_500);
  const slow = { settled: 150, activeMs: 150_000, now: 0, sinceGain: 0, trialMs: 1000 };
  expect(timeLeft({ trials: 10_000 }, slow)).toBe(9_850_000);
  expect(timeLeft({ trials: 8 }, { ...slow, settled: 4, trialMs: 100 })).toBe(400);
  expect(timeLeft({ trials: 8 }, { settled: 4, activeMs: 400, now: 0, sinceGain: 0 })).toBeUndefined();
});

it('counts the final comparison as left, which is a part of a budget of time only', () => {
  const progress = { settled: 20, activeMs: 2000, now: 5000, sinceGain: 0, trialMs: 100, comparisonMs: 700 };
  expect(timeLeft({ trials: 30 }, progress)).toBe(1700);
  expect(timeLeft({ trials: 20 }, progress)).toBe(700);
  expect(timeLeft({ until: 6000 }, progress)).toBe(1700);
  expect(timeLeft({ forMs: 3000 }, progress)).toBe(1000);
});

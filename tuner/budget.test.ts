import { expect, it } from 'vitest';
import { timeLeft } from './budget.ts';

it('tells no time left for the rest of the trials from the first few alone', () => {
  const after = (settled: number) =>
    timeLeft({ trials: 300 }, { settled, activeMs: 100 * settled, now: 0, sinceGain: 0 });
  expect(after(2)).toBeUndefined();
  expect(after(64)).toBeUndefined();
  expect(after(75)).toBe(22_500);
  const slow = { settled: 150, activeMs: 150_000, now: 0, sinceGain: 0 };
  expect(timeLeft({ trials: 10_000 }, slow)).toBe(9_850_000);
  expect(timeLeft({ trials: 8 }, { ...slow, settled: 4, activeMs: 400 })).toBe(400);
});

import { expect, it } from 'vitest';
import { timeLeft } from './budget.ts';

it('tells no time left for the rest of the trials from the first few alone', () => {
  const after = (settled: number) =>
    timeLeft({ trials: 300 }, { settled, activeMs: 100 * settled, now: 0, sinceGain: 0 });
  expect(after(2)).toBeUndefined();
  expect(after(10)).toBe(29_000);
});

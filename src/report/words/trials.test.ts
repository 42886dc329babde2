import { expect, it } from 'vitest';
import { describeTrials } from './trials.ts';

const none = { timeout: 0, compile: 0, runtime: 0, correctness: 0, constraints: 0, disturbed: 0 };

it.each([
  [0, none, 'no trial'],
  [1, none, '1 trial, all valid'],
  [0, { ...none, runtime: 1 }, '1 trial: 0 timed, 1 invalid (1 runtime)'],
  [
    1992,
    { ...none, timeout: 5, constraints: 3 },
    '2,000 trials: 1,992 timed, 8 invalid (5 timeout, 3 constraints)',
  ],
])('%d timed, invalid %j', (timed, invalid, words) => {
  expect(describeTrials({ timed, invalid })).toBe(words);
});

it('names the configurations of the comparison where the search timed fewer', () => {
  const counts = { timed: 1, invalid: none };
  expect(describeTrials(counts, 12)).toBe('1 trial, all valid, 12 configurations in the final comparison');
  expect(describeTrials({ ...counts, timed: 12 }, 12)).toBe('12 trials, all valid');
});

import { expect, it } from 'vitest';
import { unknown } from './gain.ts';
import { isInWhole, wholeGain } from './whole-gain.ts';

const IS_DEFAULT = unknown('not applicable', 'the default itself is the fastest that was found');

it('adds times up, and is at its ends where all parts are at theirs', () => {
  const parts = [
    { defaultUs: 100, bestUs: 50, gain: { value: 2, low: 1, high: 4 } },
    { defaultUs: 300, bestUs: 150, gain: { value: 2, low: 1.5, high: 3 } },
  ];
  expect(wholeGain(parts)).toEqual({ value: 2, low: 400 / (100 + 200), high: 400 / (25 + 100) });
  const unchanged = { defaultUs: 100, bestUs: 100, gain: IS_DEFAULT };
  expect(wholeGain([...parts, unchanged])).toEqual({ value: 500 / 300, low: 500 / 400, high: 500 / 225 });
});

it('has no interval where a part has none', () => {
  const alone = { defaultUs: 100, bestUs: 50, gain: { value: 2, low: null, high: null } };
  expect(wholeGain([alone, { defaultUs: 1, bestUs: 1, gain: { value: 1, low: 1, high: 1 } }])).toMatchObject({
    ...{ low: null, high: null },
  });
});

it('counts what is known, and what stays as it is', () => {
  expect(isInWhole({ gain: { value: 2, low: 1, high: 3 } })).toBe(true);
  expect(isInWhole({ gain: IS_DEFAULT })).toBe(true);
  expect(isInWhole({ gain: unknown('disturbed', '1 of 9 rounds clean') })).toBe(false);
});

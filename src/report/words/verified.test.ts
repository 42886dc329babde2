import { describe, expect, it } from 'vitest';
import { unknown } from '../../../tuner/attribution/gain.ts';
import { MOST_PAIRS } from '../../../tuner/verification/verify.ts';
import { verdictWords, verifiedWords, verifySentence } from './verified.ts';

const said = (pairs: number): string =>
  verifySentence({
    schemaVersion: 1,
    study: 'abcd',
    kernel: 'mine',
    shape: '',
    dtype: 'f32',
    target: 'board',
    from: 'device',
    winner: { configuration: { tile: 1 }, timeUs: 10 },
    against: { given: 'default', configuration: { tile: 2 }, timeUs: 10 },
    by: 0,
    verdict: 'unknown',
    undecided: 'the time was over',
    gain: unknown('disturbed', 'not shown'),
    pairs,
    timings: 2 * pairs,
    falseClaims: null,
    isExact: false,
    notes: [],
    environment: {},
  });

describe('what is not known of a winner yet', () => {
  it('is looked for by the same command, until there are as many pairs as it times', () => {
    expect(said(12)).toContain('The same command goes on with them.');
    expect(said(MOST_PAIRS)).toMatch(/No more are timed\.$/);
  });
});

it('counts no timings of a verdict by exact times', () => {
  const exact = { by: 0, verdict: 'faster', timings: 26, falseClaims: null } as const;
  expect(verdictWords(exact)).toBe(
    'The winner is faster than the default: simulated, where times repeat exactly.',
  );
  expect(verdictWords({ ...exact, verdict: 'unknown' })).toBe(
    'Whether the winner is faster than the default is not known.',
  );
  expect(verdictWords({ ...exact, falseClaims: 0.01 })).toBe(
    'The winner is faster than the default: verified in 26 timings.',
  );
});

it('calls exact times simulated, and counts those of a clock', () => {
  expect(verifiedWords({ by: 0, timings: 80, falseClaims: null })).toBe(
    'verified faster than the default, simulated',
  );
  expect(verifiedWords({ by: 0.02, timings: 80, falseClaims: 0.009 })).toBe(
    'verified faster than the default by more than 2 %, in 80 timings',
  );
});

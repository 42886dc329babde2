import { expect, it } from 'vitest';
import { withSession } from './session-environment.ts';

it('counts the samples of all sessions together, and has the rest from the last one', () => {
  const sessions = [
    { load: 9, samples: 30, cleanShare: 0.2, corrected: 4, copyGBs: 12 },
    { load: 3, samples: 10, cleanShare: 1, corrected: 0, copyGBs: 11 },
  ];
  expect(sessions.reduce(withSession, {})).toEqual({
    load: 3,
    samples: 40,
    cleanShare: 0.4,
    corrected: 4,
    copyGBs: 12,
  });
  expect([{ load: 2 }, { load: 1 }].reduce(withSession, {})).toEqual({ load: 1 });
});

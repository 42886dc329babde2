import { describe, expect, it } from 'vitest';
import { nextTimeOfDay } from './until.ts';

const at = (text: string): number => Date.parse(text);

describe('nextTimeOfDay', () => {
  it.each([
    ['later today', '07:00', 'UTC', '2026-11-23T03:46:00Z', '2026-11-23T07:00:00Z'],
    ['tomorrow when it has passed', '07:00', 'UTC', '2026-11-23T07:00:00Z', '2026-11-24T07:00:00Z'],
    ['in a zone ahead of UTC', '07:00', 'Asia/Kolkata', '2026-11-23T03:46:00Z', '2026-11-24T01:30:00Z'],
    ['in a zone behind UTC', '07:00', 'America/Los_Angeles', '2026-11-23T03:46:00Z', '2026-11-23T15:00:00Z'],
    [
      'over the night when clocks go back',
      '07:00',
      'Europe/Berlin',
      '2026-10-24T21:00:00Z',
      '2026-10-25T06:00:00Z',
    ],
    [
      'over the night when clocks go forward',
      '07:00',
      'Europe/Berlin',
      '2026-03-28T21:00:00Z',
      '2026-03-29T05:00:00Z',
    ],
    [
      'at the jump for a time that is skipped',
      '02:30',
      'Europe/Berlin',
      '2026-03-28T21:00:00Z',
      '2026-03-29T01:00:00Z',
    ],
    [
      'the first of a time shown twice',
      '02:30',
      'Europe/Berlin',
      '2026-10-24T21:00:00Z',
      '2026-10-25T00:30:00Z',
    ],
    [
      'the second day after a skipped one that passed',
      '02:30',
      'Europe/Berlin',
      '2026-03-29T01:00:00Z',
      '2026-03-30T00:30:00Z',
    ],
  ])('is %s', (_, time, zone, now, expected) => {
    expect(new Date(nextTimeOfDay(time, zone, at(now))).toISOString()).toBe(
      new Date(at(expected)).toISOString(),
    );
  });

  it('refuses an invalid time of day and an unknown zone', () => {
    expect(() => nextTimeOfDay('7am', 'UTC', 0)).toThrow(/HH:MM/);
    expect(() => nextTimeOfDay('07:00', 'Europe/Belrin', 0)).toThrow(/timeZone/);
  });
});

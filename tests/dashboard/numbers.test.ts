import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { formatGain, formatOverDefault } from '../../src/report/words/numbers.ts';
import { formatCount } from '../../src/text/number-text.ts';
import { formatTimeUs, timeUnitFor } from '../../src/text/time-text.ts';
import { unknown } from '../../tuner/attribution/gain.ts';

// The page's script is no TypeScript: what it exports is checked here.
const words = z.function({ input: [z.unknown()], output: z.string() });
const inUnit = z.function({ input: [z.unknown(), z.unknown().optional()], output: z.string() });
const unit = z.function({ input: [z.unknown()], output: z.unknown() });
const page = z
  .object({
    count: words,
    time: inUnit,
    gain: words,
    overDefault: inUnit,
    unitFor: unit,
    whole: words,
    moment: words,
    bytes: words,
  })
  .parse(await import(new URL('../../src/dashboard/assets/numbers.js', import.meta.url).href));

const times = fc.double({ min: 1e-4, max: 1e9, noNaN: true });

describe('numbers on the dashboard are those of the terminal and the report', () => {
  it('times', () => {
    fc.assert(fc.property(times, (timeUs) => page.time(timeUs) === formatTimeUs(timeUs)));
  });

  it('times that stand together, in one unit', () => {
    fc.assert(
      fc.property(times, times, (one, other) => {
        const unit = page.unitFor([one, other, null]);
        return page.time(one, unit) === formatTimeUs(one, timeUnitFor([one, other]));
      }),
    );
  });

  it('counts', () => {
    fc.assert(fc.property(fc.nat(1e12), (count) => page.count(count) === formatCount(count)));
  });

  it('gains, with and without an interval', () => {
    fc.assert(
      fc.property(times, fc.boolean(), fc.constantFrom(0.1, 0.002), (value, isSure, half) => {
        const gain = isSure
          ? { value, low: null, high: null }
          : { value, low: value * (1 - half), high: value * (1 + half) };
        return page.gain(gain) === formatGain(gain);
      }),
    );
  });

  it('gains over the default, where it is what to use and where nothing is known, too', () => {
    for (const figure of [
      unknown('not tried', 'no visit has ended'),
      unknown('not applicable', 'the default itself is the fastest'),
      unknown('failed', 'the default could not be timed'),
      { value: 2.5, low: 2, high: 3 },
    ])
      for (const isDefaultUsed of [true, false])
        expect(page.overDefault(figure, isDefaultUsed)).toBe(formatOverDefault(figure, isDefaultUsed));
    expect(page.overDefault(unknown('not applicable', ''), true)).toBe('default is fastest');
  });

  it('break no interval, unit, share of a number or moment', () => {
    const joined = (text: string) => page.whole(text).replaceAll('\u00a0', '_');
    expect(joined('14.9× [2.68, 21.3] as fast')).toBe('14.9× [2.68,_21.3] as fast');
    expect(joined('1,253 µs after 2 of 20,000 trials')).toBe('1,253_µs after 2_of_20,000 trials');
    expect(page.moment('2026-12-01T15:02:39.100Z')).toBe('2026-12-01 15:02 UTC');
    expect(joined('submitted 2026-12-01 15:02 UTC.')).toBe('submitted 2026-12-01_15:02_UTC.');
    expect([8 * 2 ** 20, 7.5 * 2 ** 20, 640].map((each) => page.bytes(each))).toEqual([
      '8 MiB',
      '7.50 MiB',
      '640 bytes',
    ]);
  });
});

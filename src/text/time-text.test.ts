import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { middleCut } from './middle-cut.ts';
import { formatTimeUs, timeIn, timeUnitFor } from './time-text.ts';

describe('times', () => {
  it.each([
    [0.00285, '0.00285 µs'],
    [3.214, '3.21 µs'],
    [3234.4, '3,234 µs'],
    [17306, '17.3 ms'],
    [1_094_673, '1,095 ms'],
    [94_673_000, '94.7 s'],
    [0, '0.00 µs'],
  ])('%d µs are shown as %s', (us, shown) => {
    expect(formatTimeUs(us)).toBe(shown);
  });
  it('share the unit in which the shortest of them keeps its digits', () => {
    expect(timeUnitFor([17306, 1128]).name).toBe('µs');
    expect(timeUnitFor([1_094_673, 277_667]).name).toBe('ms');
    expect(timeUnitFor([]).name).toBe('µs');
  });
  it('keep three digits at least', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-3, max: 1e12, noNaN: true }), (us) => {
        const unit = timeUnitFor([us]);
        const read = Number(timeIn(unit, us).replaceAll(',', '')) * unit.us;
        expect(Math.abs(read / us - 1)).toBeLessThan(0.05);
      }),
    );
  });
});

it('a shortened text has both ends, and no more characters than it may', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 3, max: 30 }), (text, most) => {
      const short = middleCut(text, most);
      expect([...short].length).toBeLessThanOrEqual(Math.max(most, 0));
      if ([...text].length <= most) expect(short).toBe(text);
      else expect(text.startsWith(short.slice(0, short.indexOf('…')))).toBe(true);
    }),
  );
});

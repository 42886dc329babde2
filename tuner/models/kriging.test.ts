import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type KnownValue, krige } from './kriging.ts';

const EXACT = { length: 8, nugget: 0 };
const place = fc.array(fc.integer({ min: 0, max: 24 }), { minLength: 2, maxLength: 2 });
const knownValues = fc
  .uniqueArray(place, { minLength: 3, maxLength: 12, selector: (at) => at.join() })
  .chain((places) =>
    fc
      .array(fc.integer({ min: -5, max: 5 }), { minLength: places.length, maxLength: places.length })
      .map((values) => places.map((at, i): KnownValue => ({ at, value: values[i] }))),
  );

describe('kriging', () => {
  it('gives the known values where there is no error, with no deviation', () => {
    fc.assert(
      fc.property(knownValues, (known) => {
        for (const { at, value } of known) {
          const { mean, sd } = krige(known, at, EXACT);
          expect(mean).toBeCloseTo(value, 5);
          expect(sd).toBeLessThan(1e-3);
        }
      }),
    );
  });

  it('goes with the values: shifted and scaled ones shift and scale its mean, and leave its deviation', () => {
    fc.assert(
      fc.property(knownValues, place, fc.integer({ min: -9, max: 9 }), (known, at, by) => {
        const changed = known.map((one) => ({ ...one, value: 2 * one.value + by }));
        const [one, other] = [known, changed].map((values) => krige(values, at, { length: 8, nugget: 0.1 }));
        expect(other.mean).toBeCloseTo(2 * one.mean + by, 6);
        expect(other.sd).toBe(one.sd);
      }),
    );
  });

  it('is nearly the straight line between two known values, and surer near one', () => {
    const known = [
      { at: [10], value: 1 },
      { at: [14], value: 3 },
    ];
    expect(krige(known, [12], EXACT).mean).toBeCloseTo(2, 6);
    expect(krige(known, [11], EXACT).mean).toBeCloseTo(1.5, 1);
    expect(krige(known, [11], EXACT).sd).toBeLessThan(krige(known, [12], EXACT).sd);
    expect(krige(known, [20], EXACT).sd).toBeGreaterThan(krige(known, [16], EXACT).sd);
  });
});

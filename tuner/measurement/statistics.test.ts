import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normal, randomFor } from '../../search-space/random.ts';
import { bootstrap, median, quantile } from './statistics.ts';

const numbers = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 40 });

describe('quantile', () => {
  it('agrees with the order statistics at whole places and lies between its neighbours', () => {
    fc.assert(
      fc.property(numbers, fc.double({ min: 0, max: 1, noNaN: true }), (values, q) => {
        const sorted = [...values].sort((a, b) => a - b);
        const place = (sorted.length - 1) * q;
        expect(quantile(values, q)).toBeGreaterThanOrEqual(sorted[Math.floor(place)]);
        expect(quantile(values, q)).toBeLessThanOrEqual(sorted[Math.ceil(place)] + 1e-9);
      }),
    );
  });

  it('has the middle of an even number of values as its median', () => {
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([])).toBeNaN();
  });
});

describe('bootstrap', () => {
  it('contains the true median in about 95 % of repetitions', () => {
    let held = 0;
    for (let repetition = 0; repetition < 200; repetition++) {
      const random = randomFor('coverage', repetition);
      const sample = Array.from({ length: 30 }, () => normal(random));
      const { low, high } = bootstrap(30, (rounds) => median(rounds.map((round) => sample[round])), random);
      if (low <= 0 && high >= 0) held++;
    }
    expect(held / 200).toBeGreaterThan(0.88);
    expect(held / 200).toBeLessThan(0.99);
  });
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { numberTable } from './number-table.ts';

it.each([
  ['few keys', 2_000, fc.nat(1_999)],
  ['keys of any size', Number.MAX_SAFE_INTEGER, fc.oneof(fc.nat(50), fc.nat(), fc.maxSafeNat())],
])('is a Map of numbers, for %s', (_, bound, key) => {
  const value = fc.double({ noNaN: true }).filter((number) => number !== 0);
  fc.assert(
    fc.property(fc.array(fc.tuple(key, value), { maxLength: 3000 }), (pairs) => {
      const table = numberTable(bound);
      for (const [name, number] of pairs) table.set(name, number);
      const map = new Map(pairs);
      expect(table.size).toBe(map.size);
      for (const [name, number] of map) expect(table.get(name)).toBe(number);
      for (let absent = 0; absent < 60; absent++) expect(table.get(absent)).toBe(map.get(absent));
    }),
    { numRuns: 100 },
  );
});

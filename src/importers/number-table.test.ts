import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NumberTable } from './number-table.ts';

it('is a Map of numbers', () => {
  const key = fc.oneof(fc.nat(50), fc.nat(), fc.maxSafeNat());
  fc.assert(
    fc.property(fc.array(fc.tuple(key, fc.double({ noNaN: true })), { maxLength: 3000 }), (pairs) => {
      const table = new NumberTable();
      for (const [name, value] of pairs) table.set(name, value);
      const map = new Map(pairs);
      expect(table.size).toBe(map.size);
      for (const [name, value] of map) expect(table.get(name)).toBe(value);
      for (let absent = 0; absent < 60; absent++) expect(table.get(absent)).toBe(map.get(absent));
    }),
    { numRuns: 100 },
  );
});

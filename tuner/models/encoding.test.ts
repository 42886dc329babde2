import { describe, expect, it } from 'vitest';
import type { Parameter } from '../../search-space/parameter.ts';
import { pairedEncoding, plainEncoding } from './encoding.ts';

const choice = (count: number): Parameter => ({
  name: 'choice',
  kind: 'categorical',
  tag: 'schedule',
  values: Array.from({ length: count }, (_, n) => `v${n}`),
});
const size = (n: number): Parameter => ({
  name: `size${n}`,
  kind: 'ordinal',
  tag: 'schedule',
  values: [1, 2, 4],
});

const rowsOf = (parameter: Parameter): readonly string[] => {
  const encoding = plainEncoding([parameter]);
  const { columns, values } = encoding.encode(parameter.values.map((_, digit) => Int32Array.of(digit)));
  return parameter.values.map((_, row) => values.slice(row * columns, (row + 1) * columns).join());
};

describe('the features of a configuration', () => {
  it.each([3, 64, 65, 1000])('tell %i choices apart', (count) => {
    expect(new Set(rowsOf(choice(count))).size).toBe(count);
  });
  it('have one column a choice while there are few', () => {
    expect(plainEncoding([choice(64)]).columns).toBe(64);
  });
  it('stay few where a request names 100,000 choices or 250 sizes', () => {
    expect(plainEncoding([choice(100_000)]).columns).toBe(17);
    expect(pairedEncoding(Array.from({ length: 250 }, (_, n) => size(n))).columns).toBe(250);
  });
  it('include pairs of sizes', () => {
    expect(pairedEncoding([size(0), size(1), size(2)]).columns).toBe(3 + 2 * 3);
  });
});

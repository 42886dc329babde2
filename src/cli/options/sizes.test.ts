import { describe, expect, it } from 'vitest';
import { parseSizes } from './sizes.ts';

describe('parseSizes', () => {
  it('doubles between powers of two', () => {
    expect(parseSizes('2^3..2^6')).toEqual([[8], [16], [32], [64]]);
  });
  it('varies one extent of a shape', () => {
    expect(parseSizes('64x1024..256x1024')).toEqual([
      [64, 1024],
      [128, 1024],
      [256, 1024],
    ]);
  });
  it('ends a range with its last shape', () => {
    expect(parseSizes('100..350')).toEqual([[100], [200], [350]]);
  });
  it('sorts a list by elements and keeps each shape once', () => {
    expect(parseSizes('4096,16,4096,8x8')).toEqual([[16], [8, 8], [4096]]);
  });
  it.each(['64x1024..128x2048', '8..8x8', '16..8', '1..2..3', '2..', 'many'])('refuses %s', (text) => {
    expect(() => parseSizes(text)).toThrow(/sizes|shape/);
  });
});

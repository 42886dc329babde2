import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { importTtir } from '../../src/importers/ttir/import-ttir.ts';

function read(name: string): string {
  return readFileSync(new URL(`texts/${name}.ttir`, import.meta.url), 'utf8');
}

describe('the shape of an imported kernel', () => {
  it('comes from masks', () => {
    const { kernel, extentsFrom } = importTtir(read('per_softmax_masked.8'));
    expect([kernel.shape, extentsFrom]).toEqual([[77, 197], 'mask']);
  });

  it('is assumed if the program does not determine it, with a note', () => {
    const { kernel, extentsFrom, notes } = importTtir(read('hand_softmax'));
    expect([kernel.shape, extentsFrom]).toEqual([[8192, 128], 'default']);
    expect(notes.join()).toContain('8192x128 is assumed');
  });

  it('may grow along rows', () => {
    const { kernel, extentsFrom } = importTtir(read('per_softmax_masked.8'), { shape: [1000, 197] });
    expect([kernel.shape, extentsFrom]).toEqual([[1000, 197], 'shape']);
    expect(kernel.operands.map(({ elements }) => elements)).toEqual([197000, 197000]);
  });

  it('may be given as another view of the same points', () => {
    const { kernel } = importTtir(read('poi_int8'), { shape: [64, 128] });
    expect([kernel.shape, kernel.dimensions[0]!.extent]).toEqual([[64, 128], 8192]);
  });

  it('comes from the sizes of a hand-written kernel in their order', () => {
    const { kernel } = importTtir(read('hand_matmul'), { shape: [64, 48, 32] });
    expect(kernel.shape).toEqual([64, 48, 32]);
    expect(kernel.operands.map(({ elements }) => elements)).toEqual([2048, 1536, 3072]);
  });

  it.each([
    ['a row that the program contains', 'per_softmax_masked.8', [77, 200], /'r', which is reduced over/],
    [
      'an extent within the strides of another',
      'poi_transpose_add.32x32',
      [130, 80],
      /lies within the strides/,
    ],
    ['a number of points that does not divide', 'per_softmax_masked.8', [1000], /a multiple of 197 points/],
    [
      'a matrix product with its sizes in the text',
      'tem_mm.100x70x50',
      [128, 70, 50],
      /fixed by the divisors or blocks/,
    ],
  ])('%s is refused', (_, name, shape, reason) => {
    expect(() => importTtir(read(name), { shape })).toThrow(reason);
  });

  it('comes from numels, which are refused if they contradict the program', () => {
    expect(importTtir(read('poi_i64'), { numels: { xnumel: 960 } }).kernel.shape).toEqual([10, 96]);
    expect(() => importTtir(read('per_softmax_masked.8'), { numels: { r0_numel: 100 } })).toThrow(/r0_numel/);
    expect(() => importTtir(read('poi_i64'), { numels: { xnumel: 0.5 } })).toThrow(/xnumel/);
  });
});

import { describe, expect, it } from 'vitest';
import { randomFor } from '../../../search-space/random.ts';
import { findLibraryKernel, libraryKernels } from '../../kernels/library.ts';
import { Harness } from './harness.fixture.ts';
import { buildWasmSpace } from './space.ts';

/** Odd in every dimension, so that each block has tails; rope needs an even last extent. */
const SHAPES: Readonly<Record<number, readonly number[]>> = {
  1: [1003],
  2: [5, 67],
  3: [13, 21, 18],
  4: [2, 5, 19, 12],
};
const SAMPLES = 5;

const host = {
  node: '20',
  v8: '11',
  flags: [],
  cpu: 'test',
  cores: 1,
  memoryBytes: 0,
  relaxedSimd: false,
  fingerprint: 'test',
};

describe('generated code agrees with the float64 reference', () => {
  for (const entry of libraryKernels) {
    for (const dtype of entry.dtypes) {
      it(`${entry.name} ${dtype}`, async () => {
        const kernel = entry.build(SHAPES[entry.defaultShape.length], dtype);
        const space = buildWasmSpace(kernel, host);
        const harness = new Harness(kernel);
        const random = randomFor(entry.name, dtype);
        for (let n = 0; n < SAMPLES; n++) {
          const configuration = space.at(space.sample(random));
          expect(await harness.verify(configuration), JSON.stringify(configuration)).toBeUndefined();
        }
      });
    }
  }
});

describe('schedules without fused multiply-adds give the same bits', () => {
  const bits = async (name: string, shape: readonly number[], changes: readonly object[]) => {
    const kernel = findLibraryKernel(name).build(shape, 'f32');
    const harness = new Harness(kernel);
    const [output] = kernel.operands.filter(({ role }) => role !== 'input');
    const results = [];
    for (const change of changes) results.push(await harness.bytes({ lanes: 4, ...change }, output.name));
    return results;
  };

  it.each(['gelu', 'gelu-tanh', 'silu', 'tanh', 'exp', 'axpy', 'rope', 'matmul'])(
    '%s: any width and unrolling',
    async (name) => {
      const shape = name === 'rope' ? [3, 5, 14] : name === 'matmul' ? [13, 21, 18] : [1003];
      const [first, ...others] = await bits(name, shape, [
        { lanes: 1 },
        { lanes: 1, scalarUnroll: 4 },
        { lanes: 4, tileRows: 3 },
        { lanes: 8, tileRows: 2, panels: 2 },
        { lanes: 16 },
      ]);
      for (const other of others) expect(other).toEqual(first);
    },
  );

  it.each([
    ['softmax', [37, 67], 4],
    ['layer-norm', [37, 67], 5],
    ['gelu', [5003], 1024],
    ['vector-add', [5003], 256],
  ] as const)('%s: staged or not', async (name, shape, tile) => {
    const [first, ...others] = await bits(name, shape, [
      {},
      { staging: 'copy', tile, copyEngine: 'memory', staged: 'inout' },
      { staging: 'copy', tile, copyEngine: 'simd', staged: 'inout' },
      { staging: 'copy', tile, copyEngine: 'simd', staged: 'in' },
    ]);
    for (const other of others) expect(other).toEqual(first);
  });
});

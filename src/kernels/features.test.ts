import { expect, test } from 'vitest';
import { accesses } from './accesses.ts';
import { kernelFeatures, reductionDepth } from './features.ts';
import { libraryKernel, libraryKernels } from './library.ts';

test('features of all kernels have the same names and are finite', () => {
  const names = Object.keys(kernelFeatures(libraryKernel('gelu')));
  for (const { name, defaultShape } of libraryKernels) {
    for (const shape of [defaultShape, defaultShape.map(() => 2)]) {
      const features = kernelFeatures(libraryKernel(name, shape));
      expect(Object.keys(features)).toEqual(names);
      expect(Object.values(features).every(Number.isFinite)).toBe(true);
    }
  }
});

test('shares of the op mix sum to one', () => {
  const shares = Object.entries(kernelFeatures(libraryKernel('layer-norm'))).filter(([name]) =>
    name.startsWith('share.'),
  );
  expect(shares.reduce((sum, [, share]) => sum + share, 0)).toBeCloseTo(1, 12);
});

test('doubling an element-wise kernel increases its log size by one and changes no other feature', () => {
  const small = kernelFeatures(libraryKernel('gelu', [1024]));
  const large = kernelFeatures(libraryKernel('gelu', [2048]));
  const moved = Object.keys(small).filter((name) => small[name] !== large[name]);
  expect(moved.sort()).toEqual(['log2Bytes', 'log2InnerExtent', 'log2Ops', 'log2Points']);
  for (const name of moved) expect(large[name] - small[name]).toBe(1);
});

test('accesses have their direction, stride along the inner loop and masking', () => {
  const [read, write] = accesses(libraryKernel('transpose', [8, 16]));
  expect(read).toMatchObject({
    operand: 'x',
    direction: 'read',
    innerStride: 1,
    loops: ['i', 'j'],
    masked: false,
  });
  expect(write).toMatchObject({ operand: 'out', direction: 'write', innerStride: 8 });
  const [, right] = accesses(libraryKernel('matmul', [4, 8, 16]));
  expect(right).toMatchObject({ operand: 'b', innerStride: 8, loops: ['m', 'n', 'k'] });
});

test('reduction depth', () => {
  expect(reductionDepth(libraryKernel('gelu'))).toBe(1);
  expect(reductionDepth(libraryKernel('softmax', [8, 100]))).toBe(100);
  expect(reductionDepth(libraryKernel('attention', [1, 2, 30, 4]))).toBe(30);
});

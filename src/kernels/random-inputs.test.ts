import { expect, test } from 'vitest';
import { defineKernel, log } from './builder.ts';
import { libraryKernel, libraryKernels } from './library.ts';
import { randomInputs } from './random-inputs.ts';
import { evaluateKernel } from './reference.ts';
import { roundTo } from './round.ts';

test('the same seed gives the same data, another seed other data', () => {
  const kernel = libraryKernel('axpy', [100]);
  expect(randomInputs(kernel, 1)).toEqual(randomInputs(kernel, 1));
  expect(randomInputs(kernel, 1).x).not.toEqual(randomInputs(kernel, 2).x);
  expect(randomInputs(kernel, 1).x).not.toEqual(randomInputs(kernel, 1).y);
});

test('floats are signed, exact in their dtype and far from denormal', () => {
  for (const dtype of ['f32', 'f16'] as const) {
    const { x } = randomInputs(libraryKernel('gelu', [5000], dtype), 3);
    expect([...x].every((value) => roundTo(dtype, value) === value)).toBe(true);
    expect([...x].some((value) => value < -1) && [...x].some((value) => value > 1)).toBe(true);
    expect(Math.min(...x.map(Math.abs))).toBeGreaterThan(1e-4);
  }
});

test('bytes use their whole range', () => {
  const { x, y } = randomInputs(libraryKernel('vrmpy', [200]), 3);
  expect([Math.min(...x), Math.max(...x)]).toEqual([0, 255]);
  expect([Math.min(...y), Math.max(...y)]).toEqual([-128, 127]);
});

test('a logarithm of a loaded value gets positive data, also through a stage', () => {
  const kernel = defineKernel('entropy', { shape: [64], dtype: 'f32' }, (k) => {
    const i = k.dimension('i', 64);
    const x = k.input('x', 'f32', [64]).at(i);
    k.store(k.output('y', 'f32', [64]), [i], x.mul(log(x)));
  });
  expect(Math.min(...randomInputs(kernel, 1).x)).toBeGreaterThan(0);
});

test('all library kernels give finite numbers only', () => {
  for (const kernel of libraryKernels) {
    const shape = kernel.defaultShape.map((extent) => Math.min(extent, 16));
    for (const dtype of kernel.dtypes) {
      const built = kernel.build(shape, dtype);
      const outputs = Object.values(evaluateKernel(built, randomInputs(built, 5)));
      expect(outputs.flatMap((output) => [...output]).every(Number.isFinite)).toBe(true);
    }
  }
});

test.each([
  ['f16', 0.1, 0.0999755859375],
  ['f16', 2049, 2048],
  ['f16', 2051, 2052],
  ['f16', 65519, 65504],
  ['f16', 65520, Number.POSITIVE_INFINITY],
  ['f16', 5e-8, 2 ** -24],
  ['f16', -1e-9, -0],
  ['bf16', 1.00390625, 1],
  ['bf16', 1.01171875, 1.015625],
  ['f32', 0.1, Math.fround(0.1)],
  ['i32', 7, 7],
] as const)('%s rounds %d to %d', (dtype, x, rounded) => {
  expect(roundTo(dtype, x)).toBe(rounded);
});

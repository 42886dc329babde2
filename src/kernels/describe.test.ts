import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { binary, defineKernel, exp, neg, select } from './builder.ts';
import { describeKernel, listing } from './describe.ts';
import { libraryKernel, libraryKernels } from './library.ts';

test('a listing reads like mathematics', () => {
  expect(listing(libraryKernel('softmax', [64, 1000]))).toEqual([
    'kernel softmax 64x1000 f32',
    'dimensions',
    '  i  64    parallel',
    '  j  1000  reduction',
    'operands',
    '  x    f32[64000]  input',
    '  out  f32[64000]  output',
    'stages',
    '  x0[i, j] = x[1000*i + j]',
    '  max0[i] = max over j of x0',
    '  exp0[i, j] = exp(x0 - max0)',
    '  sum0[i] = sum over j of exp0',
    '  out[1000*i + j] = exp0 / sum0',
  ]);
});

test('has only the necessary parentheses', () => {
  const kernel = defineKernel('show', { shape: [4], dtype: 'f32' }, (k) => {
    const i = k.dimension('i', 4);
    const a = k.input('a', 'f32', [8]).at(i.times(-2).plus(7));
    const b = k.input('b', 'f32', [2]).atWhere(k.index(i).lt(2), 0, i);
    const difference = a.sub(b.sub(1)).mul(neg(a.add(1)));
    const power = binary('pow', difference, 2);
    k.store(k.output('y', 'f32', [4]), [i], select(a.gt(0), power, exp(b).div(3).div(2)), k.index(i).ge(1));
  });
  expect(listing(kernel).slice(-3)).toEqual([
    '  a0[i] = a[-2*i + 7]',
    '  b0[i] = i < 2 ? b[i] : 0',
    '  y[i] = a0 > 0 ? pow((a0 - (b0 - 1)) * -(a0 + 1), 2) : exp(b0) / 3 / 2 where i >= 1',
  ]);
});

test('a region is listed with its formula for two partial results', () => {
  const lines = listing(libraryKernel('online-softmax', [2, 8]));
  expect(lines).toContain('    (left0, right0) from -3.4028234663852886e+38: max(left0, right0)');
});

test('every library kernel has a description with its numbers', () => {
  for (const { name } of libraryKernels) {
    const description = describeKernel(libraryKernel(name));
    expect(description.listing[0]).toContain(name);
    expect(description.bytesMoved).toBeGreaterThan(0);
    expect(description.intensity).toBe(description.arithmeticOps / description.bytesMoved);
  }
});

test('intensity of a matmul is 2MNK operations over its three matrices', () => {
  const { intensity, opMix } = describeKernel(libraryKernel('matmul', [64, 64, 64]));
  expect(intensity).toBe((2 * 64 ** 3) / (3 * 64 * 64 * 4));
  expect(opMix).toEqual({ fma: 64 ** 3, load: 2 * 64 ** 3, store: 64 * 64 });
});

test("the documentation's listing equals the program's", () => {
  const page = readFileSync(new URL('../../docs/kernels.md', import.meta.url), 'utf8');
  expect(page).toContain(listing(libraryKernel('softmax')).join('\n'));
});

import { expect, test } from 'vitest';
import { InputError } from '../../search-space/input-error.ts';
import { defineKernel, exp, type KernelBuilder } from './builder.ts';
import { kernelHash } from './hash.ts';
import { parseKernel, serializeKernel } from './json.ts';
import { libraryKernel, libraryKernels } from './library.ts';

const shifted = (by: number, name = 'shift', extent = 8) =>
  defineKernel(name, { shape: [extent], dtype: 'f32' }, (k: KernelBuilder) => {
    const i = k.dimension('i', extent);
    k.store(k.output('y', 'f32', [extent]), [i], exp(k.input('x', 'f32', [extent]).at(i)).add(by));
  });

test.each(libraryKernels.map((kernel) => kernel.name))('%s survives JSON unchanged', (name) => {
  const kernel = libraryKernel(name);
  const text = serializeKernel(kernel);
  expect(parseKernel(text)).toEqual(kernel);
  expect(serializeKernel(parseKernel(text))).toBe(text);
});

test.each([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NaN, -0, 5e-324])(
  'the constant %d survives JSON',
  (value) => {
    expect(parseKernel(serializeKernel(shifted(value)))).toEqual(shifted(value));
  },
);

test('a kernel from JSON is frozen', () => {
  const kernel = parseKernel(serializeKernel(shifted(1)));
  expect(Object.isFrozen(kernel.stages[0])).toBe(true);
});

test('the hash depends on the computation, its shape and dtype, and not on its name', () => {
  expect(kernelHash(shifted(1))).toMatch(/^[0-9a-f]{16}$/);
  expect(kernelHash(shifted(1))).toBe(kernelHash(shifted(1, 'renamed')));
  const others = [shifted(2), shifted(1, 'shift', 9), shifted(-0), shifted(0), shifted(Number.NaN)];
  expect(new Set([shifted(1), ...others].map(kernelHash)).size).toBe(6);
});

test('the hash does not depend on the order of keys', () => {
  const kernel = libraryKernel('softmax', [4, 4]);
  const reversed = Object.fromEntries(Object.entries(kernel).reverse());
  expect(kernelHash({ ...kernel, ...reversed })).toBe(kernelHash(kernel));
});

test('hashes of the library are all different, and stable', () => {
  const hashes = libraryKernels.map(({ name }) => kernelHash(libraryKernel(name)));
  expect(new Set(hashes).size).toBe(libraryKernels.length);
  // A changed hash invalidates all stored trials of the kernel: change the IR deliberately.
  expect(kernelHash(libraryKernel('gelu'))).toBe('8bc9748a8f84484b');
});

test.each([
  ['invalid JSON', 'nonsense', /kernel: is not JSON/],
  ['no kernel', '{}', /kernel: name: /],
  ['an unknown op', serializeKernel(shifted(1)).replace('"exp"', '"system"'), /kernel: stages\.0/],
  ['an unknown key', serializeKernel(shifted(1)).replace('{', '{"extra":1,'), /extra/],
  [
    'an access out of bounds',
    serializeKernel(shifted(1)).replace('"offset":0', '"offset":3'),
    /from 3 to 10/,
  ],
])('%s is refused', (_, text, message) => {
  expect(() => parseKernel(text)).toThrow(InputError);
  expect(() => parseKernel(text)).toThrow(message);
});

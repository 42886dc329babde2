import { describe, expect, it } from 'vitest';
import { codePolicy } from '../generator/policy.ts';
import { libraryKernel } from '../kernels/library.ts';
import { lower } from '../lowering/lower.ts';
import { referenceCheckOf } from './expected.ts';

const policy = codePolicy(32);
const kernel = (name: string, shape: readonly number[]) => lower(libraryKernel(name, shape), policy);

describe('the reference', () => {
  it('is computed once for a kernel, its shape and a seed', () => {
    const first = referenceCheckOf(kernel('softmax', [5, 67]), 1);
    expect(referenceCheckOf(kernel('softmax', [5, 67]), 1)).toBe(first);
    expect(referenceCheckOf(kernel('softmax', [5, 68]), 1)).not.toBe(first);
    expect(referenceCheckOf(kernel('softmax', [5, 67]), 2).contents).not.toEqual(first.contents);
  });

  it('covers the whole result of a product, its ends and a sample of a result of many elements', () => {
    const product = referenceCheckOf(kernel('matmul', [192, 160, 176]), 1);
    expect(product.checked).toBe('whole');
    expect(product.expected.map(({ values }) => values.length)).toEqual([192 * 160]);
    const elements = 2 ** 22 + 5;
    const { checked, expected } = referenceCheckOf(kernel('relu', [elements]), 1);
    expect(checked).toBe('8 stretches of its first dimension');
    const places = expected.flatMap(({ segments }) => segments);
    expect(Math.min(...places.map(({ start }) => start))).toBe(0);
    expect(Math.max(...places.map(({ start, count }) => start + count))).toBe(elements);
  });

  it('of a stretch is that of the whole: data repeat from the first element on', () => {
    const { contents, expected } = referenceCheckOf(kernel('vector-add', [2 ** 22 + 5]), 1);
    const [x, y] = contents.map(({ block }) => new Float32Array(block?.buffer ?? new ArrayBuffer(0)));
    expect(expected).toHaveLength(8);
    for (const { segments, values } of expected) {
      const [{ start, count }] = segments;
      const isRight = (value: number, n: number): boolean =>
        value === x[(start + n) % x.length] + y[(start + n) % y.length];
      expect(values.length).toBe(count);
      expect(values.every(isRight)).toBe(true);
    }
  });
});

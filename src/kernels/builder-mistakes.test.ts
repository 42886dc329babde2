import { describe, expect, test } from 'vitest';
import { InputError } from '../../search-space/input-error.ts';
import { defineKernel, type KernelBuilder, select } from './builder.ts';
import type { Kernel } from './ir.ts';

const small = (describeKernel: (k: KernelBuilder) => void): Kernel =>
  defineKernel('test', { shape: [4], dtype: 'f32' }, describeKernel);

describe('mistakes', () => {
  const mistakes: readonly (readonly [string, (k: KernelBuilder) => void, RegExp])[] = [
    [
      'mixed dtypes',
      (k) => k.constant(1, 'f32').add(k.constant(1, 'f16')),
      /add: both sides must have one dtype, got f32 and f16/,
    ],
    [
      'too few indices',
      (k) => k.input('x', 'f32', [2, 3]).at(k.dimension('i', 2)),
      /has 2 dimensions, got 1 indices/,
    ],
    [
      'an access out of bounds',
      (k) => {
        const i = k.dimension('i', 4);
        k.store(k.output('y', 'f32', [4]), [i], k.input('x', 'f32', [4]).at(i.plus(1)));
      },
      /accesses x from 1 to 4, but it has 4 elements/,
    ],
    [
      'a name used twice',
      (k) => [k.dimension('i', 4), k.input('i', 'f32', [4])],
      /the name 'i' is used twice/,
    ],
    ['nothing stored', (k) => k.input('x', 'f32', [4]), /stores nothing/],
    [
      'an output that is never stored',
      (k) => {
        const i = k.dimension('i', 4);
        k.output('idle', 'f32', [4]);
        k.store(k.output('y', 'f32', [4]), [i], k.constant(1, 'f32'));
      },
      /never stores to its output 'idle'/,
    ],
    [
      'a store of another dtype',
      (k) => k.store(k.output('y', 'i32', [4]), [k.dimension('i', 4)], k.constant(1, 'f32')),
      /stores f32 to y, which holds i32/,
    ],
    [
      'repeated stores to one element',
      (k) => {
        const i = k.dimension('i', 4);
        k.store(k.output('y', 'f32', [1]), [0], k.input('x', 'f32', [4]).at(i));
      },
      /stores to y again and again along 'i'/,
    ],
    [
      'reading an output',
      (k) => {
        const i = k.dimension('i', 4);
        const y = k.output('y', 'f32', [4]);
        k.store(y, [i], y.at(i));
      },
      /reads the output 'y' \(declare it as inout\)/,
    ],
    [
      'a condition that is not a bool',
      (k) => select(k.constant(1, 'f32'), k.constant(1, 'f32'), 2),
      /must be bool, got f32/,
    ],
    [
      'a fractional stride',
      (k) => k.dimension('i', 4).times(0.5).plus(k.dimension('j', 4)).toMap(),
      /whole number/,
    ],
    [
      'an extent of zero',
      (k) =>
        k.store(
          k.output('y', 'f32', [1]),
          [0],
          k.sum(k.index(k.dimension('i', 0), 'f32'), k.dimension('l', 2)),
        ),
      /dimension i must be a whole number from 1, got 0/,
    ],
  ];
  test.each(mistakes)('%s', (_, mistake, message) => {
    const attempt = () => small((k) => void mistake(k));
    expect(attempt).toThrow(InputError);
    expect(attempt).toThrow(message);
  });
});

import { describe, expect, it } from 'vitest';
import { accesses } from '../kernels/accesses.ts';
import { defineKernel } from '../kernels/builder.ts';
import type { IndexMap, Kernel } from '../kernels/ir.ts';
import { libraryKernels } from '../kernels/library.ts';
import { CONSTANTS, type GeneralKernel, generalKernel } from '../lowering/general/general-kernel.ts';
import { shapeValue } from '../lowering/general/shape-number.ts';
import { lower } from '../lowering/lower.ts';
import { NATIVE_POLICY } from './native/policy.ts';

/** Shapes that are not those that the numbers were found from. */
const SHAPES: Readonly<Record<number, readonly (readonly number[])[]>> = {
  1: [[1], [1003], [2 ** 20]],
  2: [
    [5, 66],
    [1000, 4],
    [4096, 1024],
  ],
  3: [
    [13, 21, 18],
    [512, 300, 8],
  ],
  4: [
    [2, 5, 19, 12],
    [7, 16, 512, 64],
  ],
};

const ranks = (name: string, rank: number) => (['gelu', 'vector-add'].includes(name) ? [1, 2, 3] : [rank]);
const cases = libraryKernels.flatMap(({ name, build, dtypes, defaultShape }) =>
  ranks(name, defaultShape.length).map((rank) => ({
    name,
    rank,
    build: (shape: readonly number[]) => build(shape, dtypes[0]),
  })),
);

/** The extents and index maps of a general kernel at a shape, in the order of `sizesOf`. */
function sizesAt({ lowered, number }: GeneralKernel, shape: readonly number[]) {
  const value = (holder: object, key: string, same: number): number => {
    const found = number(holder, key);
    return found === undefined ? same : shapeValue(found, shape);
  };
  const strides = (holder: Readonly<Record<string, number>>) =>
    Object.fromEntries(Object.entries(holder).map(([dim, stride]) => [dim, value(holder, dim, stride)]));
  const map = (at: IndexMap) => ({ offset: value(at, 'offset', at.offset), strides: strides(at.strides) });
  return { extents: strides(lowered.extents), maps: mapsOf(lowered.kernel).map(map) };
}

function mapsOf(kernel: Kernel): readonly IndexMap[] {
  return accesses(kernel)
    .filter(({ operand }) => operand !== CONSTANTS)
    .map(({ at }) => at);
}

describe('the general kernel', () => {
  it.each(cases)('of $name with $rank extents has the numbers of each shape', ({ build, rank }) => {
    const general = generalKernel(build, rank, NATIVE_POLICY);
    if (general === undefined) throw new Error('there is none');
    for (const shape of SHAPES[rank]) {
      const { kernel, extents } = lower(build(shape), NATIVE_POLICY);
      expect(sizesAt(general, shape)).toEqual({ extents, maps: mapsOf(kernel) });
    }
  });

  it('has constants that depend on the shape in an operand', () => {
    const [mean] = cases.filter(({ name }) => name === 'rms-norm');
    const general = generalKernel(mean.build, 2, NATIVE_POLICY);
    expect(general?.constants.map((each) => shapeValue(each, [5, 1000]))).toEqual([1 / 1000]);
    const [scaled] = cases.filter(({ name }) => name === 'attention');
    const attention = generalKernel(scaled.build, 4, NATIVE_POLICY);
    expect(attention?.constants.map((each) => shapeValue(each, [1, 8, 512, 80]))).toEqual([
      1 / Math.sqrt(80),
    ]);
  });

  const family =
    (extent: (n: number) => number, factor: (n: number) => number) => (shape: readonly number[]) => {
      const count = extent(shape[0]);
      return defineKernel('scaled', { shape, dtype: 'f32' }, (k) => {
        const i = k.dimension('i', count);
        const x = k.input('x', 'f32', [count]).at(i);
        k.store(k.output('out', 'f32', [count]), [i], x.mul(factor(shape[0])));
      });
    };

  it.each([
    [
      'an extent that is no product of extents',
      family(
        (n) => n + 2,
        () => 3,
      ),
    ],
    [
      'a constant that is none',
      family(
        (n) => n,
        (n) => 1 / (n - 1),
      ),
    ],
    [
      'a rounded extent',
      family(
        (n) => Math.ceil(n / 64),
        () => 3,
      ),
    ],
    [
      'other stages for other shapes',
      (shape: readonly number[]) =>
        family(
          (n) => n,
          (n) => (n > 210 ? 3 : 1),
        )(shape),
    ],
  ])('does not exist for %s', (_, build) => {
    expect(generalKernel(build, 1, NATIVE_POLICY)).toBeUndefined();
  });

  it('does not exist for an identity that depends on the shape', () => {
    const build = (shape: readonly number[]) =>
      defineKernel('from', { shape, dtype: 'f32' }, (k) => {
        const i = k.dimension('i', shape[0]);
        const x = k.input('x', 'f32', shape).at(i);
        const [total] = k.reduceRegion([x], [shape[0]], i, ([a], [b]) => [a.add(b)]);
        k.store(k.output('out', 'f32', [1]), [0], total);
      });
    expect(generalKernel(build, 1, NATIVE_POLICY)).toBeUndefined();
  });
});

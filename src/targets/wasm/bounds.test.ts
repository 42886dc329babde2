import { describe, expect, it } from 'vitest';
import { defineKernel, type Expr, exp } from '../../kernels/builder.ts';
import type { Kernel } from '../../kernels/ir.ts';
import { findLibraryKernel } from '../../kernels/library.ts';
import { generate } from './generator/generate.ts';
import { Harness } from './harness.fixture.ts';
import { scheduleOf } from './schedule-of.ts';

/** exp(x − s), where `subtracted` computes s from rows of x and y, in rows of 64. */
function rowKernel(subtracted: (x: Expr, y: Expr, greatest: (of: Expr) => Expr) => Expr): Kernel {
  return defineKernel('row', { shape: [4, 64], dtype: 'f32' }, (k) => {
    const i = k.dimension('i', 4);
    const j = k.dimension('j', 64);
    const [x, y] = ['x', 'y'].map((name) => k.input(name, 'f32', [4, 64]).at(i, j));
    const power = exp(x.sub(subtracted(x, y, (of) => k.max(of, j))));
    k.store(k.output('out', 'f32', [4, 64]), [i, j], power);
  });
}

const hasUpperBound = (kernel: Kernel): boolean =>
  generate(kernel, scheduleOf({ lanes: 4 }), 64).text.includes('f32x4.pmin');

describe('the bounds of an exponential', () => {
  it('are one if its argument is a value minus the maximum of these values', async () => {
    const kernel = rowKernel((x, _, greatest) => greatest(x));
    expect(hasUpperBound(kernel)).toBe(false);
    expect(hasUpperBound(findLibraryKernel('softmax').build([4, 64], 'f32'))).toBe(false);
    expect(await new Harness(kernel).verify({ lanes: 4 })).toBeUndefined();
  });

  it('are two for any other argument', async () => {
    const others = rowKernel((_, y, greatest) => greatest(y));
    expect(hasUpperBound(others)).toBe(true);
    expect(hasUpperBound(rowKernel((_, y) => y))).toBe(true);
    expect(hasUpperBound(rowKernel((x, _, greatest) => greatest(x.mul(2))))).toBe(true);
    expect(await new Harness(others).verify({ lanes: 4 })).toBeUndefined();
  });
});

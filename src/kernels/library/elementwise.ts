import { type Dim, defineKernel, type Expr, type KernelBuilder } from '../builder.ts';
import type { DType, Kernel } from '../ir.ts';
import { type LibraryKernel, libraryEntry } from './_entry.ts';

const NAMES = [['i'], ['i', 'j'], ['i', 'j', 'l']] as const;

/**
 * out = f(inputs…) at every element of a shape of one to three dimensions; all operands have the
 * shape and dtype of the kernel.
 */
function elementwise(
  name: string,
  shape: readonly number[],
  dtype: DType,
  inputs: readonly string[],
  f: (...values: Expr[]) => Expr,
): Kernel {
  return defineKernel(name, { shape, dtype }, (k) => {
    const dims = dimensionsOf(k, shape);
    const values = inputs.map((input) => k.input(input, dtype, shape).at(...dims));
    k.store(k.output('out', dtype, shape), dims, f(...values));
  });
}

/** One loop for each extent of the shape: i, j, l. */
function dimensionsOf(k: KernelBuilder, shape: readonly number[]): Dim[] {
  return shape.map((extent, position) => k.dimension(NAMES[shape.length - 1][position], extent));
}

/** The library entry of an element-wise kernel. */
export function elementwiseEntry(
  about: Pick<LibraryKernel, 'name' | 'summary' | 'dtypes' | 'defaultShape'>,
  inputs: readonly string[],
  f: (...values: Expr[]) => Expr,
): LibraryKernel {
  return libraryEntry({
    ...about,
    shapeWords: 'N, RxC or PxRxC',
    ranks: [1, 2, 3],
    make: (shape, dtype) => elementwise(about.name, shape, dtype, inputs, f),
  });
}

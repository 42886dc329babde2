import { type Dim, defineKernel, type Expr, type KernelBuilder } from '../builder.ts';
import type { DType } from '../ir.ts';
import { type LibraryKernel, libraryEntry } from './_entry.ts';

type Reduce = (k: KernelBuilder, x: Expr, j: Dim) => Expr;

function rowReduction(
  name: string,
  summary: string,
  resultType: (dtype: DType) => DType,
  reduce: Reduce,
): LibraryKernel {
  return libraryEntry({
    name,
    summary,
    dtypes: ['f32', 'f16', 'i8'],
    defaultShape: [4096, 1024],
    shapeWords: 'RxC: R rows of C',
    ranks: [2],
    make: ([r, c], dtype) =>
      defineKernel(name, { shape: [r, c], dtype }, (k) => {
        const i = k.dimension('i', r);
        const j = k.dimension('j', c);
        const reduced = reduce(k, k.input('x', dtype, [r, c]).at(i, j), j);
        const result = resultType(dtype);
        k.store(k.output('out', result, [r]), [i], reduced.to(result));
      }),
  });
}

const wide = (dtype: DType): DType => (dtype === 'i8' ? 'i32' : 'f32');

export const rowSum = rowReduction(
  'row-sum',
  'sum of each row; f16 accumulates in f32, i8 gives i32',
  (dtype) => (dtype === 'i8' ? 'i32' : dtype),
  (k, x, j) => k.sum(x.to(wide(x.dtype)), j),
);

export const rowMax = rowReduction(
  'row-max',
  'maximum of each row',
  (dtype) => dtype,
  (k, x, j) => k.max(x, j),
);

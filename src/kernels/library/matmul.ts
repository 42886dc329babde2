import { defineKernel } from '../builder.ts';
import type { DType } from '../ir.ts';
import { libraryEntry } from './_entry.ts';

export const matmul = libraryEntry({
  name: 'matmul',
  summary: 'C = A · B; f16 accumulates in f32, i8 gives i32',
  dtypes: ['f32', 'f16', 'i8'],
  defaultShape: [512, 512, 512],
  shapeWords: 'MxNxK: A is MxK, B is KxN',
  ranks: [3],
  make: ([m, n, k], dtype) =>
    defineKernel('matmul', { shape: [m, n, k], dtype }, (b) => {
      const [im, jn, ik] = [b.dimension('m', m), b.dimension('n', n), b.dimension('k', k)];
      const a = b.input('a', dtype, [m, k]).at(im, ik);
      const right = b.input('b', dtype, [k, n]).at(ik, jn);
      const result = resultType(dtype);
      b.store(
        b.output('c', result, [m, n]),
        [im, jn],
        b.contract(a, right, ik, accumulator(dtype)).to(result),
      );
    }),
});

export const batchedMatmul = libraryEntry({
  name: 'batched-matmul',
  summary: 'C[b] = A[b] · B[b]; f16 accumulates in f32, i8 gives i32',
  dtypes: ['f32', 'f16', 'i8'],
  defaultShape: [16, 128, 128, 128],
  shapeWords: 'BxMxNxK: B products of MxK by KxN',
  ranks: [4],
  make: ([batch, m, n, k], dtype) =>
    defineKernel('batched-matmul', { shape: [batch, m, n, k], dtype }, (b) => {
      const ib = b.dimension('batch', batch);
      const [im, jn, ik] = [b.dimension('m', m), b.dimension('n', n), b.dimension('k', k)];
      const a = b.input('a', dtype, [batch, m, k]).at(ib, im, ik);
      const right = b.input('b', dtype, [batch, k, n]).at(ib, ik, jn);
      const result = resultType(dtype);
      const product = b.contract(a, right, ik, accumulator(dtype)).to(result);
      b.store(b.output('c', result, [batch, m, n]), [ib, im, jn], product);
    }),
});

function accumulator(dtype: DType): DType {
  return dtype === 'i8' ? 'i32' : 'f32';
}

function resultType(dtype: DType): DType {
  return dtype === 'i8' ? 'i32' : dtype;
}

import { elementwiseEntry } from './elementwise.ts';

export const vectorAdd = elementwiseEntry(
  { name: 'vector-add', summary: 'x + y', dtypes: ['f32', 'f16', 'i8'], defaultShape: [64, 16384] },
  ['x', 'y'],
  (x, y) => x.add(y),
);
export const axpy = elementwiseEntry(
  { name: 'axpy', summary: '2.5 · x + y', dtypes: ['f32', 'f16'], defaultShape: [1048576] },
  ['x', 'y'],
  (x, y) => x.mul(2.5).add(y),
);

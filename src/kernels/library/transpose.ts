import { defineKernel } from '../builder.ts';
import { libraryEntry } from './_entry.ts';

export const transpose = libraryEntry({
  name: 'transpose',
  summary: 'out[c, r] = x[r, c]',
  dtypes: ['f32', 'f16', 'i8'],
  defaultShape: [2048, 2048],
  shapeWords: 'RxC: x has R rows of C',
  ranks: [2],
  make: ([r, c], dtype) =>
    defineKernel('transpose', { shape: [r, c], dtype }, (k) => {
      const i = k.dimension('i', r);
      const j = k.dimension('j', c);
      k.store(k.output('out', dtype, [c, r]), [j, i], k.input('x', dtype, [r, c]).at(i, j));
    }),
});

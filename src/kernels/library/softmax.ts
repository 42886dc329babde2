import { defineKernel, exp } from '../builder.ts';
import { libraryEntry } from './_entry.ts';

const rows = {
  dtypes: ['f32', 'f16'],
  defaultShape: [4096, 1024],
  shapeWords: 'RxC: R rows of C',
  ranks: [2],
} as const;

export const softmax = libraryEntry({
  ...rows,
  name: 'softmax',
  summary: 'exp(x - max) / sum of a row, in three passes',
  make: ([r, c], dtype) =>
    defineKernel('softmax', { shape: [r, c], dtype }, (k) => {
      const i = k.dimension('i', r);
      const j = k.dimension('j', c);
      const x = k.input('x', dtype, [r, c]).at(i, j);
      const power = exp(x.sub(k.max(x, j)));
      const total = k.sum(power.to('f32'), j);
      k.store(k.output('out', dtype, [r, c]), [i, j], power.div(total.to(dtype)));
    }),
});

/** Maximum and sum in one pass (Milakov and Gimelshein, arXiv 1805.02867). */
export const onlineSoftmax = libraryEntry({
  ...rows,
  name: 'online-softmax',
  summary: 'softmax of a row, its maximum and sum in one pass',
  make: ([r, c], dtype) =>
    defineKernel('online-softmax', { shape: [r, c], dtype }, (k) => {
      const i = k.dimension('i', r);
      const j = k.dimension('j', c);
      const x = k.input('x', dtype, [r, c]).at(i, j).to('f32');
      // The least finite f32 and not -Infinity, so that no partial result is Infinity - Infinity.
      const identity = [-3.4028234663852886e38, 0];
      const one = k.constant(1, 'f32');
      const [greatest, total] = k.reduceRegion([x, one], identity, j, ([maxL, sumL], [maxR, sumR]) => {
        const max = maxL.max(maxR);
        return [max, sumL.mul(exp(maxL.sub(max))).add(sumR.mul(exp(maxR.sub(max))))];
      });
      k.store(k.output('out', dtype, [r, c]), [i, j], exp(x.sub(greatest)).div(total).to(dtype));
    }),
});

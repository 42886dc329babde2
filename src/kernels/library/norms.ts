import { defineKernel, rsqrt } from '../builder.ts';
import { libraryEntry } from './_entry.ts';

const EPSILON = 1e-5;
const rows = {
  dtypes: ['f32', 'f16'],
  defaultShape: [4096, 1024],
  shapeWords: 'RxC: R rows of C',
  ranks: [2],
} as const;

export const rmsNorm = libraryEntry({
  ...rows,
  name: 'rms-norm',
  summary: 'x / sqrt(mean of x² + 1e-5) · weight, a row at a time',
  make: ([r, c], dtype) =>
    defineKernel('rms-norm', { shape: [r, c], dtype }, (k) => {
      const i = k.dimension('i', r);
      const j = k.dimension('j', c);
      const x = k.input('x', dtype, [r, c]).at(i, j).to('f32');
      const weight = k.input('weight', dtype, [c]).at(j).to('f32');
      const scale = rsqrt(
        k
          .sum(x.mul(x), j)
          .mul(1 / c)
          .add(EPSILON),
      );
      k.store(k.output('out', dtype, [r, c]), [i, j], x.mul(scale).mul(weight).to(dtype));
    }),
});

export const layerNorm = libraryEntry({
  ...rows,
  name: 'layer-norm',
  summary: '(x - mean) / sqrt(variance + 1e-5) · weight + bias, the variance in a pass of its own',
  make: ([r, c], dtype) =>
    defineKernel('layer-norm', { shape: [r, c], dtype }, (k) => {
      const i = k.dimension('i', r);
      const j = k.dimension('j', c);
      const x = k.input('x', dtype, [r, c]).at(i, j).to('f32');
      const weight = k.input('weight', dtype, [c]).at(j).to('f32');
      const bias = k.input('bias', dtype, [c]).at(j).to('f32');
      const centred = x.sub(k.sum(x, j).mul(1 / c));
      const variance = k.sum(centred.mul(centred), j).mul(1 / c);
      const normal = centred.mul(rsqrt(variance.add(EPSILON)));
      k.store(k.output('out', dtype, [r, c]), [i, j], normal.mul(weight).add(bias).to(dtype));
    }),
});

import { defineKernel } from '../builder.ts';
import { libraryEntry } from './_entry.ts';

/**
 * Rotary position embedding in the half-rotated form (Su et al., arXiv 2104.09864; layout of
 * GPT-NeoX): the element pairs are (d, d + D/2), cosines and sines come as tables of S x D/2.
 */
export const rope = libraryEntry({
  name: 'rope',
  summary: 'rotary position embedding, halves rotated, cos and sin from tables',
  dtypes: ['f32', 'f16'],
  defaultShape: [8, 1024, 64],
  shapeWords: 'HxSxD: H heads, S positions, D even',
  ranks: [3],
  objection: ([, , d]) => (d % 2 === 0 ? undefined : 'D must be even'),
  make: ([heads, positions, width], dtype) =>
    defineKernel('rope', { shape: [heads, positions, width], dtype }, (k) => {
      const half = width / 2;
      const [h, s, d] = [k.dimension('h', heads), k.dimension('s', positions), k.dimension('d', half)];
      const x = k.input('x', dtype, [heads, positions, width]);
      const cos = k.input('cos', dtype, [positions, half]).at(s, d);
      const sin = k.input('sin', dtype, [positions, half]).at(s, d);
      const out = k.output('out', dtype, [heads, positions, width]);
      const first = x.at(h, s, d);
      const second = x.at(h, s, d.plus(half));
      k.store(out, [h, s, d], first.mul(cos).sub(second.mul(sin)));
      k.store(out, [h, s, d.plus(half)], second.mul(cos).add(first.mul(sin)));
    }),
});

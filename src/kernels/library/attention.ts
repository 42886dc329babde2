import { defineKernel, exp } from '../builder.ts';
import { libraryEntry } from './_entry.ts';

/**
 * softmax(Q·Kᵀ / √D)·V in one kernel (Dao et al., arXiv 2205.14135): scores are values inside
 * the kernel, only Q, K, V and the result are operands. The division by the sum comes after the second
 * product.
 */
export const attention = libraryEntry({
  name: 'attention',
  summary: 'softmax(Q·Kᵀ / √D)·V, fused, no causal mask',
  dtypes: ['f32', 'f16'],
  defaultShape: [1, 8, 512, 64],
  shapeWords: 'BxHxSxD: batch, heads, positions, width of a head',
  ranks: [4],
  make: ([batch, heads, positions, width], dtype) =>
    defineKernel('attention', { shape: [batch, heads, positions, width], dtype }, (k) => {
      const extents = [batch, heads, positions, width];
      const [b, h] = [k.dimension('b', batch), k.dimension('h', heads)];
      const [s, t] = [k.dimension('s', positions), k.dimension('t', positions)];
      const [d, e] = [k.dimension('d', width), k.dimension('e', width)];
      const query = k.input('q', dtype, extents).at(b, h, s, d);
      const key = k.input('k', dtype, extents).at(b, h, t, d);
      const value = k.input('v', dtype, extents).at(b, h, t, e);
      const score = k.let('score', k.contract(query, key, d, 'f32').mul(1 / Math.sqrt(width)));
      const power = exp(score.sub(k.max(score, t)));
      const mixed = k.contract(power.to(dtype), value, t, 'f32').div(k.sum(power, t));
      k.store(k.output('out', dtype, extents), [b, h, s, e], mixed.to(dtype));
    }),
});

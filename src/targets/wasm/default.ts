import type { Configuration } from '../../../search-space/parameter.ts';
import type { SearchSpace } from '../../../search-space/search-space.ts';
import type { ModelledDma } from './generator/modelled-dma.ts';

/**
 * What a compiler makes of a plain loop for WebAssembly today: one vector of 128 bits at a time, no fused
 * multiply-adds (they are not in its baseline), one thread, no staging. Where data must be staged, it is
 * staged in the largest tiles that fit.
 */
export function wasmDefault({ parameters }: SearchSpace, modelledDma?: ModelledDma): Configuration {
  const plain = parameters.map(({ name, values }) => {
    if (name === 'lanes') return [name, 4] as const;
    return [
      name,
      name === 'tile' && modelledDma !== undefined ? values[values.length - 1] : values[0],
    ] as const;
  });
  return Object.freeze(Object.fromEntries(plain));
}

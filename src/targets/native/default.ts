import type { Configuration } from '../../../search-space/parameter.ts';
import type { SearchSpace } from '../../../search-space/search-space.ts';

/**
 * What `cc -O3 -march=native` makes of the plain loop: the compiler vectorises it if it can, and fuses
 * multiply-adds, as compilers do unless they are told not to; one thread.
 */
export function nativeDefault({ parameters }: SearchSpace): Configuration {
  const plain = parameters.map(({ name, values }) => {
    const isCompilers = name === 'autoVector' || name === 'fma';
    return [name, isCompilers ? true : values[0]] as const;
  });
  return Object.freeze(Object.fromEntries(plain));
}

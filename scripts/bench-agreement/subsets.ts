import type { Configuration } from '../../search-space/parameter.ts';
import { type Pair, spearman } from './correlation.ts';

/** The rank correlation over the configurations of one kind. */
export type Agreement = Readonly<{ subset: string; pairs: number; spearman: number }>;

type Kind = Readonly<{ subset: string; holds: (configuration: Configuration) => boolean }>;

/** All, and by the mechanisms that a configuration uses. */
const KINDS: readonly Kind[] = [
  { subset: 'all', holds: () => true },
  { subset: 'scalar code', holds: ({ lanes }) => lanes === 1 },
  { subset: 'vectors', holds: ({ lanes }) => lanes !== 1 },
  { subset: 'one thread', holds: ({ threads, staging }) => threads === 1 && staging !== 'dma' },
  { subset: 'several threads', holds: ({ threads }) => threads !== 1 },
  { subset: 'in place', holds: ({ staging }) => staging === 'direct' },
  { subset: 'staged by copies', holds: ({ staging }) => staging === 'copy' },
  { subset: 'staged by a DMA thread', holds: ({ staging }) => staging === 'dma' },
  { subset: 'double buffering', holds: ({ buffers }) => buffers === 2 },
];

export function agreements(pairs: readonly Pair[]): readonly Agreement[] {
  return KINDS.map(({ subset, holds }) => {
    const own = pairs.filter(({ configuration }) => holds(configuration));
    return { subset, pairs: own.length, spearman: spearman(own) };
  });
}

import type { SearchSpace } from '../../../search-space/search-space.ts';
import type { Rival } from '../../../tuner/attribution/rivals.ts';

/**
 * Rivals of double buffering, which takes a thread that copies and does not compute: the same threads
 * without overlap, one thread that computes without staging, and both threads doing so.
 */
export function wasmRivals(space: SearchSpace): readonly Rival[] {
  const known = new Map(space.parameters.map(({ name, values }) => [name, values]));
  if (!known.has('buffers')) return [];
  const several = known.get('threads')?.filter((count) => count !== 1) ?? [];
  const alone = known.has('threads') ? { threads: [1] } : {};
  // Where double buffering may run on several threads, one thread is compared with it on one thread.
  const pairs = several.length > 0 && space.restrict({ values: { staging: ['dma'], threads: several } });
  const overlap: Rival = {
    mechanism: 'db',
    label: 'one buffer on the same threads',
    values: { staging: ['dma'] },
  };
  const oneThread: Rival = {
    mechanism: 'db',
    label: 'computing in place on one thread',
    values: { staging: ['direct'], ...alone },
    ...(pairs && { own: alone }),
  };
  const computing: Rival = {
    mechanism: 'db',
    label: 'computing in place on the DMA thread too',
    values: { staging: ['direct'], threads: several },
  };
  return several.length === 0 ? [overlap, oneThread] : [overlap, oneThread, computing];
}

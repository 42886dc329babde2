import type { SearchSpace } from '../../../search-space/search-space.ts';
import type { Rival } from '../../../tuner/attribution/rivals.ts';

/**
 * Rivals of a helper, a thread that copies and does not compute: one buffer on the same threads, one thread that
 * computes in place, and both threads doing so. Prefetching and streaming take no core, so the rivals have them, too.
 */
export function nativeRivals(space: SearchSpace): readonly Rival[] {
  const known = new Map(space.parameters.map(({ name, values }) => [name, values]));
  if (!known.has('helper')) return [];
  const free = ['prefetch', 'streaming'].flatMap((name) => {
    const values = known.get(name);
    return values === undefined ? [] : [[name, values] as const];
  });
  const tiles = known.get('tile')?.filter((tile) => tile !== 0) ?? [];
  const several = known.get('threads')?.filter((count) => count !== 1) ?? [];
  const alone = known.has('threads') ? { threads: [1] } : {};
  const helped = { helper: [true] };
  const inPlace = Object.fromEntries(free);
  const overlap: Rival = {
    mechanism: 'db',
    label: 'one buffer on the same threads',
    values: { ...helped, tile: tiles, buffers: [1] },
    own: { ...helped, buffers: [2] },
  };
  const oneThread: Rival = {
    mechanism: 'db',
    label: 'computing in place on one thread',
    values: { ...inPlace, ...alone },
    own: { ...helped, ...alone },
  };
  const computing: Rival = {
    mechanism: 'db',
    label: "computing in place on the helper's core too",
    values: { ...inPlace, threads: several },
    own: helped,
  };
  return several.length === 0 ? [overlap, oneThread] : [overlap, oneThread, computing];
}

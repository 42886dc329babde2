import type { Configuration } from '../../search-space/parameter.ts';
import type { Backend } from '../backend.ts';
import type { TimeOn } from './other-sets.ts';

/** What follows from computed times; not `isWhole` where some were not known, as the signal aborted before. */
export type ComputedNow<T> = Readonly<{ found: T; isWhole: boolean }>;

/**
 * What `work` finds in times that are computed. Where code is to be made for one, that of all that `work` asked for is made,
 * and it works again, until it lacks none: so it finds what it would if all code had been there from the start.
 */
export async function withComputedTimes<T>(
  backend: Pick<Backend, 'timing' | 'prefetch'>,
  signal: AbortSignal,
  told: (files: number) => void,
  work: (timeOn: TimeOn, sets: number) => T | Promise<T>,
): Promise<ComputedNow<T>> {
  const { timing } = backend;
  if (timing.kind !== 'exact' || timing.computed === undefined) throw new Error('no time is computed here');
  const { computed, rounds } = timing;
  for (;;) {
    const lacking: Configuration[] = [];
    const found = await work((configuration, set) => {
      const timeUs = computed(configuration, set);
      if (timeUs === undefined) lacking.push(configuration);
      return timeUs ?? Number.POSITIVE_INFINITY;
    }, rounds);
    if (lacking.length === 0) return { found, isWhole: true };
    if (signal.aborted || backend.prefetch === undefined) return { found, isWhole: false };
    await backend.prefetch(lacking, signal, told);
  }
}

import type { Restriction } from '../../search-space/restriction.ts';
import type { SearchSpace } from '../../search-space/search-space.ts';

/**
 * Restricts a space as its own `restrict` does, perhaps in another thread: null if nothing is left. Throws InputError
 * where that is too hard to count.
 */
export type Restrict = (space: SearchSpace, restriction: Restriction) => Promise<SearchSpace | null>;

export const restrictHere: Restrict = async (space, restriction) => space.restrict(restriction);

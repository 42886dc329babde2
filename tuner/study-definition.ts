import type { Configuration } from '../search-space/parameter.ts';
import type { SearchSpace } from '../search-space/search-space.ts';
import type { Rival } from './attribution/rivals.ts';
import type { Subspace } from './attribution/subspaces.ts';
import type { Prior, StrategyFactory } from './strategies/_base.ts';

/** One question: which configuration of this space is the fastest? `id` is its identity in the store. */
export type Study = Readonly<{
  id: string;
  space: SearchSpace;
  /** What the target's compiler would choose today: always tried, and always compared with. */
  default: Configuration;
  strategy: StrategyFactory;
  seed: number;
  /** The user's start configurations, tried right after the default. */
  start: readonly Configuration[];
  prior?: Prior;
  /** What the target's mechanisms are also compared with. */
  rivals?: readonly Rival[];
  /** The space's subspaces, if they were counted before the visit. */
  subspaces?: readonly Subspace[];
  /** Among equally fast configurations the one that takes less scratchpad is recommended. */
  scratchpadBytes?: (configuration: Configuration) => number;
}>;

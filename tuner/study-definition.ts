import type { Configuration } from '../search-space/parameter.ts';
import type { SearchSpace } from '../search-space/search-space.ts';
import type { Subspaces } from './attribution/subspaces.ts';
import type { Objective } from './objectives/objective.ts';
import type { Prior, StrategyFactory } from './strategies/_base.ts';

/** One question: which configuration of this space is the fastest, or what else is sought? `id` is its identity in the store. */
export type Study = Readonly<{
  id: string;
  space: SearchSpace;
  /** Counted once, before the first visit. */
  subspaces: Subspaces;
  /** What the target's compiler would choose today: always tried, and always compared with. */
  default: Configuration;
  strategy: StrategyFactory;
  /** What is sought; absent for the shortest time. */
  objective?: Objective;
  seed: number;
  /** Trials proposed at once, without learning from each other; absent for as many as the backend takes. */
  wave?: number;
  /** The user's start configurations, tried right after the default. */
  start: readonly Configuration[];
  prior?: Prior;
  /** Among equally fast configurations the one that takes less scratchpad is recommended. */
  scratchpadBytes?: (configuration: Configuration) => number;
}>;

import type { Random } from '../../search-space/random.ts';
import type { History } from './history.ts';

/** What one suggestion may look at: the trials so far, what its batch already holds, and random draws of its own. */
export type Turn = Readonly<{ history: History; taken: ReadonlySet<number>; random: Random }>;

/** Uniform draws before the space is walked through instead. */
const MOST_DRAWS = 8;

/** Whether a member is neither observed nor in this batch; false for −1, which is no member. */
export function isFresh({ history, taken }: Turn, index: number): boolean {
  return index >= 0 && !history.has(index) && !taken.has(index);
}

/**
 * A random fresh member; the caller knows that there is one. Uniform while fresh members are common;
 * where they are rare, the next one after a uniform place.
 */
export function drawFresh(turn: Turn): number {
  const { space } = turn.history;
  for (let draw = 0; draw < MOST_DRAWS; draw++) {
    const index = space.sample(turn.random);
    if (isFresh(turn, index)) return index;
  }
  let index = space.sample(turn.random);
  while (!isFresh(turn, index)) index = (index + 1) % space.size;
  return index;
}

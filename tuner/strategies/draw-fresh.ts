import type { Turn } from './sequential.ts';
import { isFresh } from './sequential.ts';

const LUCKY_DRAWS = 8;

/**
 * A member neither observed nor in this batch; the caller knows that there is one. Uniform while
 * such members are common; when they are rare, the next one after a uniform place.
 */
export function drawFresh(turn: Turn): number {
  const { space } = turn.history;
  for (let draw = 0; draw < LUCKY_DRAWS; draw++) {
    const index = space.sample(turn.random);
    if (isFresh(turn, index)) return index;
  }
  let index = space.sample(turn.random);
  while (!isFresh(turn, index)) index = (index + 1) % space.size;
  return index;
}

import { integerBelow } from '../../search-space/random.ts';
import type { Suggestion } from './_base.ts';
import type { Planner } from './planner.ts';
import { isFresh, type Turn } from './sequential.ts';

/** Trials without gain after which the model is no longer asked alone … */
const PATIENCE = 12;
/** … but every so many trials whatever it thinks of the fastest's neighbours, oftener where it knows little of the space. */
const EVERY = 4;
const EVERY_IN_LARGE = 2;
const LARGE = 100_000;
/** Of so many of the fastest the neighbours are tried, one's after another's. */
const CENTRES = 8;

/**
 * What the model expects most of. A search that stands still looks around itself as well: where a model is
 * sure and wrong about the one step that is left, nothing that it proposes would ever correct it.
 */
export function guided(turn: Turn, planner: Planner): Suggestion | undefined {
  const { history, taken } = turn;
  const every = history.space.size > LARGE ? EVERY_IN_LARGE : EVERY;
  const looksAround = history.still >= PATIENCE && (history.length + taken.size) % every === 0;
  return (looksAround ? neighbour(turn) : undefined) ?? planner.planNow()?.next(turn);
}

/** A member one parameter away from the fastest seen; from the next fastest where all of those are known. */
function neighbour(turn: Turn): Suggestion | undefined {
  const { space, ranked } = turn.history;
  for (const { index } of ranked.slice(0, CENTRES)) {
    const fresh = space.neighbours(index, 'hamming').filter((next) => isFresh(turn, next));
    if (fresh.length > 0)
      return { index: fresh[integerBelow(turn.random, fresh.length)], origin: 'neighbour' };
  }
  return undefined;
}

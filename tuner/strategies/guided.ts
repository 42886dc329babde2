import { integerBelow } from '../../search-space/random.ts';
import type { Suggestion } from './_base.ts';
import type { ModelFitter } from './model-fitter.ts';
import { isFresh, type Turn } from './turn.ts';

/** Trials without gain after which neighbours of the fastest are tried as well … */
const PATIENCE = 12;
/** … in every fourth trial; in every second one of a large space, which the model knows less of. */
const EVERY = 4;
const EVERY_IN_LARGE = 2;
const LARGE = 100_000;
/** The neighbours of this many of the fastest are tried, one after another. */
const CENTRES = 8;

/**
 * The model's best suggestion. After some trials without gain neighbours of the fastest are tried too:
 * where the model is sure and wrong about a neighbour, none of its own suggestions would correct it.
 */
export function guided(turn: Turn, fitter: ModelFitter): Suggestion | undefined {
  const { history, taken } = turn;
  const every = history.space.size > LARGE ? EVERY_IN_LARGE : EVERY;
  const triesNeighbour = history.sinceBest >= PATIENCE && (history.length + taken.size) % every === 0;
  return (triesNeighbour ? neighbour(turn) : undefined) ?? fitter.acquisition()?.next(turn);
}

/** A fresh member one parameter away from the fastest; from the next fastest where none of those is fresh. */
function neighbour(turn: Turn): Suggestion | undefined {
  const { space, ranked } = turn.history;
  for (const { index } of ranked.slice(0, CENTRES)) {
    const fresh = space.neighbours(index, 'hamming').filter((next) => isFresh(turn, next));
    if (fresh.length > 0)
      return { index: fresh[integerBelow(turn.random, fresh.length)], origin: 'neighbour' };
  }
  return undefined;
}

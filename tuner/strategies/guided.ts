import { integerBelow } from '../../search-space/random.ts';
import { isLarge } from '../models/space-view.ts';
import type { Suggestion } from './_base.ts';
import type { History, PastTrial } from './history.ts';
import type { ModelFitter } from './model-fitter.ts';
import { peaksOf } from './peaks.ts';
import { isFresh, type Turn } from './turn.ts';

/** Trials without gain after which neighbours of fast trials are tried as well … */
const PATIENCE = 12;
/** … in this share of the trials at first, and in the larger share after so many more without gain. */
const FIRST_SHARE = 1 / 4;
const LAST_SHARE = 1 / 2;
const RISE = 48;
/** In a large space, of which a model knows less, the shares are doubled, up to a limit. */
const MOST_SHARE = 3 / 4;
/** Trials without gain after which not only the fastest has its neighbours tried. */
const LOCAL_PATIENCE = 24;
/** The neighbours of this many of the fastest are tried where the peaks have none left. */
const CENTRES = 8;

/**
 * The model's best suggestion. After some trials without gain neighbours of fast trials are tried too: where the
 * model is sure and wrong about a neighbour, none of its own suggestions would correct it.
 */
export function guided(turn: Turn, fitter: ModelFitter): Suggestion | undefined {
  return (isNeighbourDue(turn) ? neighbour(turn) : undefined) ?? fitter.acquisition()?.next(turn);
}

function isNeighbourDue({ history, taken }: Turn): boolean {
  // There is no model yet. Where nearly all fail, what runs lies together.
  if (history.ranked.length === 1) return true;
  if (history.sinceBest < PATIENCE) return false;
  const number = history.length + taken.size;
  const share = neighbourShare(history);
  return Math.floor((number + 1) * share) > Math.floor(number * share);
}

function neighbourShare({ sinceBest, space }: History): number {
  const risen = Math.min(1, (sinceBest - PATIENCE) / RISE);
  const share = FIRST_SHARE + (LAST_SHARE - FIRST_SHARE) * risen;
  return Math.min(MOST_SHARE, share * (isLarge(space) ? 2 : 1));
}

/** A fresh member one parameter away from a centre; from the next centre where none of those is fresh. */
function neighbour(turn: Turn): Suggestion | undefined {
  const { space } = turn.history;
  for (const { index } of centresFor(turn)) {
    const fresh = space.neighbours(index, 'hamming').filter((next) => isFresh(turn, next));
    if (fresh.length > 0)
      return { index: fresh[integerBelow(turn.random, fresh.length)], origin: 'neighbour' };
  }
  return undefined;
}

/** The fastest; after more trials without gain the peaks, from one that is drawn on: each next one half as often. */
function centresFor({ history, random }: Turn): readonly PastTrial[] {
  const fastest = history.ranked.slice(0, CENTRES);
  if (history.sinceBest < LOCAL_PATIENCE) return fastest;
  const peaks = peaksOf(history.ranked);
  let start = 0;
  while (start < peaks.length - 1 && random() < 0.5) start++;
  return [...peaks.slice(start), ...peaks.slice(0, start), ...fastest];
}

import { integerBelow, type Random } from '../../search-space/random.ts';
import type { StrategyFactory, Suggestion } from './_base.ts';
import type { History, Seen } from './history.ts';
import { isFresh, sequentialStrategy, type Turn } from './sequential.ts';

const POPULATION = 20;
const TOURNAMENT = 4;
const CROSSOVER_RATE = 0.5;
const ATTEMPTS = 12;

/**
 * A steady-state genetic algorithm. The population are the fastest seen; parents win tournaments;
 * a child mixes two parents' values or moves one of them a step, and is tried when it is a member.
 */
export const evolutionary: StrategyFactory = Object.freeze({
  name: 'evolutionary',
  summary: 'crossover and mutation of the fastest seen',
  create: (context) => sequentialStrategy(context, () => ({ name: 'evolutionary', propose: breed })),
});

/** A child of the fastest seen; undefined while there are too few, or none that is new. */
export function breed(turn: Turn): Suggestion | undefined {
  const { history, random } = turn;
  if (history.length < POPULATION || history.ranked.length === 0) return undefined;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const parent = winner(history, random);
    const child =
      random() < CROSSOVER_RATE
        ? { index: crossed(history, parent, winner(history, random), random), origin: 'crossover' }
        : { index: mutated(history, parent, random), origin: 'mutation' };
    if (isFresh(turn, child.index)) return child;
  }
  return undefined;
}

/** The fastest of a few drawn from the population. */
function winner(history: History, random: Random): Seen {
  const population = Math.min(POPULATION, history.ranked.length);
  let place = population;
  for (let i = 0; i < TOURNAMENT; i++) place = Math.min(place, integerBelow(random, population));
  return history.ranked[place];
}

function crossed(history: History, a: Seen, b: Seen, random: Random): number {
  const digits = a.digits.map((digit, place) => (random() < 0.5 ? digit : b.digits[place]));
  return history.space.indexOfDigits(digits);
}

function mutated(history: History, parent: Seen, random: Random): number {
  const reach = random() < 0.5 ? 'adjacent' : 'hamming';
  const neighbours = history.space.neighbours(parent.index, reach);
  return neighbours.length === 0 ? -1 : neighbours[integerBelow(random, neighbours.length)];
}

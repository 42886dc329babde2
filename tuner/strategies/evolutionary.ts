import { integerBelow, type Random } from '../../search-space/random.ts';
import type { StrategyFactory, Suggestion } from './_base.ts';
import type { History, PastTrial } from './history.ts';
import { sequentialStrategy } from './sequential.ts';
import { isFresh, type Turn } from './turn.ts';

const POPULATION = 20;
const TOURNAMENT = 4;
const CROSSOVER_RATE = 0.5;
const ATTEMPTS = 12;

/**
 * A steady-state genetic algorithm. The population is the fastest trials so far; parents win tournaments;
 * a child mixes the values of two parents or changes one value of one, and is tried where it is a member.
 */
export const evolutionary: StrategyFactory = Object.freeze({
  name: 'evolutionary',
  summary: 'crossover and mutation of the fastest seen',
  create: (context) => sequentialStrategy(context, () => ({ name: 'evolutionary', suggest: breed })),
});

/** A child of the fastest trials; undefined while there are too few trials, or where no child is fresh. */
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

/** The fastest of a few drawn from the population (tournament selection). */
function winner(history: History, random: Random): PastTrial {
  const population = Math.min(POPULATION, history.ranked.length);
  let place = population;
  for (let i = 0; i < TOURNAMENT; i++) place = Math.min(place, integerBelow(random, population));
  return history.ranked[place];
}

function crossed(history: History, a: PastTrial, b: PastTrial, random: Random): number {
  const digits = a.digits.map((digit, place) => (random() < 0.5 ? digit : b.digits[place]));
  return history.space.indexOfDigits(digits);
}

function mutated(history: History, parent: PastTrial, random: Random): number {
  const reach = random() < 0.5 ? 'adjacent' : 'hamming';
  const neighbours = history.space.neighbours(parent.index, reach);
  return neighbours.length === 0 ? -1 : neighbours[integerBelow(random, neighbours.length)];
}

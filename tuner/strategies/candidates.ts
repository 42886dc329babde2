import { integerBelow, type Random } from '../../search-space/random.ts';
import type { SearchSpace } from '../../search-space/search-space.ts';
import { isLarge } from '../models/space-view.ts';
import type { PastTrial } from './history.ts';
import { drawFresh, isFresh, type Turn } from './turn.ts';

const DRAWN = 500;
const OFFSPRING = 400;
const PARENTS = 16;
const ELITES = 8;

/**
 * Members worth asking a model about. Of a small space all fresh ones; of a greater one the neighbours of the fastest,
 * offspring of the fast ones, and a random sample, which in a large space would hold little near the fast ones. The
 * work does not grow with the size of the space.
 */
export function candidates(turn: Turn): readonly number[] {
  const { history, random } = turn;
  const { space, ranked } = history;
  if (space.size - history.distinct <= DRAWN + OFFSPRING) return everyFresh(turn);
  const found = new Set<number>();
  const offer = (index: number): void => {
    if (isFresh(turn, index)) found.add(index);
  };
  const drawn = isLarge(space) ? 0 : DRAWN;
  for (let i = 0; i < drawn; i++) found.add(drawFresh(turn));
  for (const { index } of ranked.slice(0, ELITES)) space.neighbours(index, 'hamming').forEach(offer);
  const parents = ranked.slice(0, PARENTS);
  for (let i = 0; i < OFFSPRING; i++) offer(childOf(space, parents, random));
  return [...found];
}

/** Each value from one of two parents, then one or two values drawn anew; −1 where that is no member. */
export function childOf(space: SearchSpace, parents: readonly PastTrial[], random: Random): number {
  const parent = (): PastTrial => parents[integerBelow(random, parents.length)];
  const [a, b] = [parent(), parent()];
  const digits = a.digits.map((digit, place) => (random() < 0.5 ? digit : b.digits[place]));
  const changes = 1 + integerBelow(random, 2);
  for (let change = 0; change < changes; change++) {
    const place = integerBelow(random, digits.length);
    digits[place] = integerBelow(random, space.parameters[place].values.length);
  }
  return space.indexOfDigits(digits);
}

export function everyFresh(turn: Turn): readonly number[] {
  const fresh: number[] = [];
  for (let index = 0; index < turn.history.space.size; index++) {
    if (isFresh(turn, index)) fresh.push(index);
  }
  return fresh;
}

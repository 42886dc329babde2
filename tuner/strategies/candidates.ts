import { integerBelow, type Random } from '../../search-space/random.ts';
import { drawFresh } from './draw-fresh.ts';
import type { History, Seen } from './history.ts';
import { isFresh, type Turn } from './sequential.ts';

const DRAWN = 500;
const OFFSPRING = 400;
const PARENTS = 16;
const ELITES = 8;

/**
 * Members worth asking a model about: all that are left of a small space; of a large one a fresh
 * sample, whatever is one parameter away from the fastest seen, and mixtures of the fast ones, which
 * are all that a sample finds of a good region where there are many parameters. Never more work for
 * more members.
 */
export function candidates(turn: Turn): readonly number[] {
  const { history, random } = turn;
  const { space, ranked } = history;
  if (space.size - history.distinct <= DRAWN + OFFSPRING) return everyFresh(turn);
  const found = new Set<number>();
  const offer = (index: number): void => {
    if (isFresh(turn, index)) found.add(index);
  };
  for (let i = 0; i < DRAWN; i++) found.add(drawFresh(turn));
  for (const { index } of ranked.slice(0, ELITES)) space.neighbours(index, 'hamming').forEach(offer);
  for (let i = 0; i < OFFSPRING; i++) offer(child(history, random));
  return [...found];
}

/** Each value from one of two fast members, then one or two values anew; −1 where that is no member. */
function child({ space, ranked }: History, random: Random): number {
  const parent = (): Seen => ranked[integerBelow(random, Math.min(PARENTS, ranked.length))];
  const [a, b] = [parent(), parent()];
  const digits = a.digits.map((digit, place) => (random() < 0.5 ? digit : b.digits[place]));
  const changes = 1 + integerBelow(random, 2);
  for (let change = 0; change < changes; change++) {
    const place = integerBelow(random, digits.length);
    digits[place] = integerBelow(random, space.parameters[place].values.length);
  }
  return space.indexOfDigits(digits);
}

function everyFresh(turn: Turn): number[] {
  const fresh: number[] = [];
  for (let index = 0; index < turn.history.space.size; index++) {
    if (isFresh(turn, index)) fresh.push(index);
  }
  return fresh;
}

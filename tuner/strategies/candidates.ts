import { drawFresh } from './draw-fresh.ts';
import { isFresh, type Turn } from './sequential.ts';

const DRAWN = 800;
const ELITES = 8;

/**
 * Members worth asking a model about: all that are left of a small space; of a large one a fresh
 * sample and whatever is one parameter away from the fastest seen. Never more work for more members.
 */
export function candidates(turn: Turn): readonly number[] {
  const { history } = turn;
  const { space, ranked } = history;
  if (space.size - history.distinct <= DRAWN) return everyFresh(turn);
  const found = new Set<number>();
  for (let i = 0; i < DRAWN; i++) found.add(drawFresh(turn));
  for (const elite of ranked.slice(0, ELITES)) {
    for (const index of space.neighbours(elite.index, 'hamming')) {
      if (isFresh(turn, index)) found.add(index);
    }
  }
  return [...found];
}

function everyFresh(turn: Turn): number[] {
  const fresh: number[] = [];
  for (let index = 0; index < turn.history.space.size; index++) {
    if (isFresh(turn, index)) fresh.push(index);
  }
  return fresh;
}

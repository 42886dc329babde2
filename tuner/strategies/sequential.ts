import type { Random } from '../../search-space/random.ts';
import { randomFor } from '../../search-space/random.ts';
import type { Observation, Strategy, StrategyContext, Suggestion } from './_base.ts';
import { drawFresh } from './draw-fresh.ts';
import { History, type Seen } from './history.ts';

/** What a move may look at: the past, what this batch already holds, and this draw's own randomness. */
export type Turn = Readonly<{ history: History; taken: ReadonlySet<number>; random: Random }>;

/** Neither observed nor in this batch. */
export function isFresh(turn: Turn, index: number): boolean {
  return index >= 0 && !turn.history.has(index) && !turn.taken.has(index);
}

/** What distinguishes one strategy from another. */
export type Moves = Readonly<{
  /** Keys the draws, so that two strategies with one seed do not draw alike. */
  name: string;
  /** Keeps what `propose` needs beyond the history; called once for each observation, in order. */
  fold?: (seen: Seen, position: number) => void;
  /** The next member to see; undefined where no better idea exists than a random one. */
  propose: (turn: Turn) => Suggestion | undefined;
}>;

/** A strategy that fills a batch one suggestion at a time. */
export function sequentialStrategy(context: StrategyContext, moves: (history: History) => Moves): Strategy {
  const { space, seed } = context;
  const history = new History(space);
  const { name, fold, propose } = moves(history);
  return {
    observe(observations: readonly Observation[]): void {
      for (const observation of observations) {
        const seen = history.add(observation);
        fold?.(seen, history.length - 1);
      }
    },
    suggest(count: number): readonly Suggestion[] {
      const taken = new Set<number>();
      const batch: Suggestion[] = [];
      const most = Math.min(count, space.size - history.distinct);
      while (batch.length < most) {
        const random = randomFor(seed, name, history.length, batch.length);
        const turn = { history, taken, random };
        const suggestion = propose(turn) ?? { index: drawFresh(turn), origin: 'random' };
        taken.add(suggestion.index);
        batch.push(suggestion);
      }
      return batch;
    },
  };
}

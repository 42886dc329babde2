import { integerBelow, type Random } from '../../../search-space/random.ts';
import type { StrategyFactory, Suggestion } from '../../../tuner/strategies/_base.ts';
import type { History, PastTrial } from '../../../tuner/strategies/history.ts';
import { type SequentialRule, sequentialStrategy } from '../../../tuner/strategies/sequential.ts';
import { isFresh, type Turn } from '../../../tuner/strategies/turn.ts';

/** The share of its values that a kick draws anew; at a rate, the search restarts anywhere instead. */
const KICK = 0.25;
const RESTART_RATE = 0.05;

/** Iterated local search: neighbours until one is faster, and a kick from the fastest where none is left. */
export const localSearch: StrategyFactory = Object.freeze({
  name: 'local-search',
  summary: 'greedy iterated local search',
  create: (context) => sequentialStrategy(context, climb),
});

function climb(history: History): SequentialRule {
  let current: PastTrial | undefined;
  const freshFrom = (index: number): readonly number[] =>
    history.space.neighbours(index, 'hamming').filter((next) => !history.has(next));
  return {
    name: 'local-search',
    observe: (trial) => {
      if (trial.logTime < (current?.logTime ?? Number.POSITIVE_INFINITY)) current = trial;
      if (current !== undefined && freshFrom(current.index).length === 0) current = undefined;
    },
    suggest: (turn: Turn): Suggestion | undefined => {
      const fresh =
        current === undefined ? [] : freshFrom(current.index).filter((index) => isFresh(turn, index));
      if (fresh.length === 0) return kicked(turn);
      return { index: fresh[integerBelow(turn.random, fresh.length)], origin: 'neighbour' };
    },
  };
}

function kicked(turn: Turn): Suggestion | undefined {
  const { history, random } = turn;
  const [fastest] = history.ranked;
  if (fastest === undefined || random() < RESTART_RATE) return undefined;
  const index = history.space.nearest(kick(history, fastest.digits, random));
  return isFresh(turn, index) ? { index, origin: 'kick' } : undefined;
}

function kick({ space }: History, digits: Int32Array, random: Random): Int32Array {
  return digits.map((digit, place) =>
    random() < KICK ? integerBelow(random, space.parameters[place].values.length) : digit,
  );
}

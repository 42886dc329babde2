import { randomFor } from '../../search-space/random.ts';
import type { Observation, Strategy, StrategyContext, Suggestion } from './_base.ts';
import { History, type PastTrial } from './history.ts';
import { drawFresh, type Turn } from './turn.ts';

/** What distinguishes one strategy from another. */
export type SequentialRule = Readonly<{
  /** A key of the random draws, so that two strategies with one seed draw differently. */
  name: string;
  /** Keeps what `suggest` needs beyond the history; called once for each observation, in order. */
  observe?: (trial: PastTrial, position: number) => void;
  /** The next member to try; undefined where a random one is as good. */
  suggest: (turn: Turn) => Suggestion | undefined;
}>;

/** A strategy that fills a batch one suggestion at a time. */
export function sequentialStrategy(
  context: StrategyContext,
  ruleFor: (history: History) => SequentialRule,
): Strategy {
  const { space, seed } = context;
  const history = new History(space);
  const rule = ruleFor(history);
  return {
    observe(observations: readonly Observation[]): void {
      for (const observation of observations) {
        const trial = history.add(observation);
        rule.observe?.(trial, history.length - 1);
      }
    },
    suggest(count: number): readonly Suggestion[] {
      const taken = new Set<number>();
      const batch: Suggestion[] = [];
      const most = Math.min(count, space.size - history.distinct);
      while (batch.length < most) {
        const random = randomFor(seed, rule.name, history.length, batch.length);
        const turn = { history, taken, random };
        const suggestion = rule.suggest(turn) ?? { index: drawFresh(turn), origin: 'random' };
        taken.add(suggestion.index);
        batch.push(suggestion);
      }
      return batch;
    },
  };
}

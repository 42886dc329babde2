import type { StrategyFactory } from './_base.ts';
import { sequentialStrategy, type Turn } from './sequential.ts';

/** Every member in the space's own order; a finished study has a proven optimum. */
export const exhaustive: StrategyFactory = Object.freeze({
  name: 'exhaustive',
  summary: 'every configuration, in order',
  create: (context) =>
    sequentialStrategy(context, (history) => {
      let unseen = 0;
      return {
        name: 'exhaustive',
        fold: () => {
          while (history.has(unseen)) unseen++;
        },
        propose: ({ taken }: Turn) => {
          let index = unseen;
          while (history.has(index) || taken.has(index)) index++;
          return { index, origin: 'exhaustive' };
        },
      };
    }),
});

import type { StrategyFactory } from './_base.ts';
import { sequentialStrategy } from './sequential.ts';
import type { Turn } from './turn.ts';

/** Every member in the space's own order; a finished study has a proven optimum. */
export const exhaustive: StrategyFactory = Object.freeze({
  name: 'exhaustive',
  summary: 'every configuration, in order',
  create: (context) =>
    sequentialStrategy(context, (history) => {
      let first = 0;
      return {
        name: 'exhaustive',
        observe: () => {
          while (history.has(first)) first++;
        },
        suggest: ({ taken }: Turn) => {
          let index = first;
          while (history.has(index) || taken.has(index)) index++;
          return { index, origin: 'exhaustive' };
        },
      };
    }),
});

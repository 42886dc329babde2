import type { StrategyFactory } from './_base.ts';
import { sequentialStrategy } from './sequential.ts';

/** Uniform, without repetition: the baseline that every other strategy has to beat. */
export const random: StrategyFactory = Object.freeze({
  name: 'random',
  summary: 'uniform draws without repetition',
  create: (context) => sequentialStrategy(context, () => ({ name: 'random', suggest: () => undefined })),
});

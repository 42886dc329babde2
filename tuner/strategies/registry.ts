import { unknownName } from '../../search-space/input-error.ts';
import type { StrategyFactory } from './_base.ts';
import { annealing } from './annealing.ts';
import { defaultStrategy } from './default.ts';
import { evolutionary } from './evolutionary.ts';
import { exhaustive } from './exhaustive.ts';
import { random } from './random.ts';
import { surrogate } from './surrogate.ts';

/** Every strategy, the default first. A new one is added here and nowhere else. */
export const strategies: readonly StrategyFactory[] = Object.freeze([
  defaultStrategy,
  surrogate,
  evolutionary,
  annealing,
  random,
  exhaustive,
]);

export const strategyNames: readonly string[] = Object.freeze(strategies.map(({ name }) => name));

/** Throws InputError for a name that is not in `strategyNames`. */
export function strategyNamed(name: string): StrategyFactory {
  const factory = strategies.find((strategy) => strategy.name === name);
  if (factory === undefined) throw unknownName('strategy', name, strategyNames);
  return factory;
}

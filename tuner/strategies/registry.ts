import { InputError, unknownName } from '../../search-space/input-error.ts';
import type { StrategyFactory } from './_base.ts';
import { annealing } from './annealing.ts';
import { defaultStrategy } from './default.ts';
import { evolutionary } from './evolutionary.ts';
import { exhaustive } from './exhaustive.ts';
import { pareto } from './pareto.ts';
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

/** Those that look at no value, or at several; the default has its own way with those. */
const OF_SEVERAL: readonly StrategyFactory[] = Object.freeze([pareto, random, exhaustive]);

/** A strategy for so many objectives. Throws InputError for an unknown name, or for one that seeks a single objective. */
export function strategyFor(name: string, objectives: number): StrategyFactory {
  const known = strategyNamed(name);
  if (objectives === 1) return known;
  const factory = OF_SEVERAL.find((strategy) => strategy.name === name);
  if (factory !== undefined) return factory;
  const possible = OF_SEVERAL.map((strategy) => strategy.name).join(', ');
  throw new InputError('strategy', `'${name}' seeks one objective`, `for several: ${possible}`);
}

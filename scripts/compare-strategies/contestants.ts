import { unknownName } from '../../search-space/input-error.ts';
import type { StrategyFactory } from '../../tuner/strategies/_base.ts';
import { strategies } from '../../tuner/strategies/registry.ts';
import { localSearch } from './comparators/local-search.ts';
import { tpe } from './comparators/tpe.ts';

/** What can be compared: our strategies, and others' methods in their plainest form, for this comparison alone. */
const contestants: readonly StrategyFactory[] = [...strategies, tpe, localSearch];

export const contestantNames: readonly string[] = Object.freeze(contestants.map(({ name }) => name));

/** Strategies without a model of times, and the comparators: the best of these on each space is the envelope. */
export const envelopeNames: readonly string[] = Object.freeze([
  'evolutionary',
  'annealing',
  'random',
  tpe.name,
  localSearch.name,
]);

/** Throws InputError for a name that is not in `contestantNames`. */
export function contestantNamed(name: string): StrategyFactory {
  const factory = contestants.find((contestant) => contestant.name === name);
  if (factory === undefined) throw unknownName('strategy', name, contestantNames);
  return factory;
}

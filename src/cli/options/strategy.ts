import { unknownName } from '../../../search-space/input-error.ts';
import type { StrategyFactory } from '../../../tuner/strategies/_base.ts';
import { strategies, strategyNames } from '../../../tuner/strategies/registry.ts';
import type { Flags } from '../flags.ts';
import type { OptionSpec } from './_base.ts';

export const DEFAULT_SEED = 1;

export const strategyOptions = Object.freeze({
  strategy: {
    kind: 'text',
    describe: `How to search: ${strategyNames.join(', ')}`,
    words: strategyNames,
    otherwise: strategies[0].name,
    group: 'Steering:',
  },
  seed: {
    kind: 'text',
    describe: 'A whole number: the same seed tries the same configurations',
    otherwise: `${DEFAULT_SEED}`,
    group: 'Steering:',
  },
  wave: {
    kind: 'text',
    describe: 'Trials proposed at once, as for several devices (docs/fleet.md)',
    otherwise: 'as many as the target takes',
    group: 'Steering:',
  },
} as const satisfies Record<string, OptionSpec>);

export function seedFrom(flags: Flags<'seed'>): number {
  return flags.count('seed', 0) ?? DEFAULT_SEED;
}

/** Throws InputError for a name that no strategy has. */
export function strategyFrom(flags: Flags<'strategy'>): StrategyFactory {
  const name = flags.text('strategy');
  if (name === undefined) return strategies[0];
  const strategy = strategies.find((known) => known.name === name);
  if (strategy === undefined) throw unknownName('strategy', name, strategyNames);
  return strategy;
}

import { describe, expect, it } from 'vitest';
import { tableSpace } from '../../search-space/table-space.ts';
import type { StrategyFactory } from './_base.ts';
import { defaultStrategy } from './default.ts';
import { pareto } from './pareto.ts';
import { strategies, strategyFor, strategyNamed, strategyNames } from './registry.ts';
import { strategyConformance } from './strategy.conformance.ts';

strategies.forEach(strategyConformance);

/** With a second objective, which is zero for some. */
const ofTwo: StrategyFactory = {
  ...pareto,
  name: 'the default, of two objectives',
  create: (context) => {
    const strategy = pareto.create(context);
    return {
      observe: (all) =>
        strategy.observe(
          all.map((one) => (one.state === 'timed' ? { ...one, values: [one.timeUs, one.index % 5] } : one)),
        ),
      suggest: (count) => strategy.suggest(count),
    };
  },
};
strategyConformance(ofTwo);

/** With a prior by which every other configuration is slow. */
const withPrior: StrategyFactory = {
  ...defaultStrategy,
  name: 'the default, with a prior',
  create: (context) =>
    defaultStrategy.create({
      ...context,
      prior: {
        version: 'test',
        predict: (members) =>
          members.map((digits) => ({
            meanLog: digits.reduce((sum, digit) => sum + digit, 0) % 2,
            sdLog: 0.1,
          })),
      },
    }),
};
strategyConformance(withPrior);

describe('strategyNamed', () => {
  const space = tableSpace([{ name: 'n', kind: 'ordinal', tag: 'schedule', values: [1, 2] }], [[1], [2]]);

  it('makes every strategy it names', () => {
    for (const name of strategyNames) {
      expect(strategyNamed(name).create({ space, seed: 1 }).suggest(9)).toHaveLength(2);
    }
  });

  it('refuses one that seeks a single objective for several', () => {
    expect(strategyFor('default', 2)).not.toBe(strategyFor('default', 1));
    expect(() => strategyFor('annealing', 2)).toThrow(
      /'annealing' seeks one objective.*default, random, exhaustive/,
    );
  });

  it('refuses an unknown name with the nearest known one', () => {
    expect(() => strategyNamed('randon')).toThrow(/did you mean 'random'/);
  });
});

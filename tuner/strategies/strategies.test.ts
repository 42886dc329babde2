import { describe, expect, it } from 'vitest';
import { tableSpace } from '../../search-space/table-space.ts';
import { strategies, strategyNamed, strategyNames } from './registry.ts';
import { strategyConformance } from './strategy.conformance.ts';

strategies.forEach(strategyConformance);

describe('strategyNamed', () => {
  const space = tableSpace([{ name: 'n', kind: 'ordinal', tag: 'schedule', values: [1, 2] }], [[1], [2]]);

  it('makes every strategy it names', () => {
    for (const name of strategyNames) {
      expect(strategyNamed(name).create({ space, seed: 1 }).suggest(9)).toHaveLength(2);
    }
  });

  it('refuses an unknown name with the nearest known one', () => {
    expect(() => strategyNamed('randon')).toThrow(/did you mean 'random'/);
  });
});

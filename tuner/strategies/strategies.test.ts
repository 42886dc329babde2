import { describe, expect, it } from 'vitest';
import { tableSpace } from '../../search-space/table-space.ts';
import { createStrategy, strategies, strategyNames } from './registry.ts';
import { strategyConformance } from './strategy.conformance.ts';

strategies.forEach(strategyConformance);

describe('createStrategy', () => {
  const space = tableSpace([{ name: 'n', kind: 'ordinal', tag: 'schedule', values: [1, 2] }], [[1], [2]]);

  it('makes every strategy it names', () => {
    for (const name of strategyNames) {
      expect(createStrategy(name, { space, seed: 1 }).suggest(9)).toHaveLength(2);
    }
  });

  it('refuses an unknown name with the nearest known one', () => {
    expect(() => createStrategy('randon', { space, seed: 1 })).toThrow(/did you mean 'random'/);
  });
});

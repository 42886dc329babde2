import { expect, it } from 'vitest';
import type { Parameter } from '../../search-space/parameter.ts';
import { randomFor } from '../../search-space/random.ts';
import type { SettledTrial } from '../../store/trial.ts';
import { isKnown } from './gain.ts';
import { importanceAmongBest } from './importance-among-best.ts';

const parameters: readonly Parameter[] = ['coarse', 'fine', 'idle'].map((name) => ({
  name,
  kind: 'ordinal',
  tag: 'schedule',
  values: [0, 1, 2, 3],
}));

/** `coarse` = 3 is a hundred times slower and else does not matter; `fine` decides among the rest. */
function trials(count: number, subset = 'vec'): readonly SettledTrial[] {
  const random = randomFor('among the best');
  const digit = (): number => Math.floor(4 * random());
  return Array.from({ length: count }, (_, number) => {
    const configuration = { coarse: digit(), fine: digit(), idle: digit() };
    const timeUs = (configuration.coarse === 3 ? 100 : 1) * (1 + 0.2 * configuration.fine) + 0.001 * random();
    const proposal = { configuration, subset, origin: 'random' };
    return { ...proposal, number, state: 'timed', timeUs, samplesUs: [timeUs], settledAt: 0 } as const;
  });
}

it('finds what decides among the best, and not what only makes others slow', () => {
  const found = importanceAmongBest(parameters, trials(600));
  if (!isKnown(found)) throw new Error(found.why);
  const [first, ...others] = found.parameters;
  expect(found).toMatchObject({ trials: 600, best: 60 });
  expect(first.name).toBe('fine');
  expect(first.share).toBeGreaterThan(0.8);
  for (const { share, low, high } of found.parameters) {
    expect(low).toBeLessThanOrEqual(share);
    expect(high).toBeGreaterThanOrEqual(share);
  }
  expect(found.parameters.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
  expect(others.find(({ name }) => name === 'idle')?.share).toBeLessThan(0.05);
});

it('leaves scalar trials out, and says why too few say nothing', () => {
  const all = [...trials(99), ...trials(500, 'scalar')];
  const vectorize: Parameter = { name: 'vectorize', kind: 'flag', tag: 'vec', values: [false, true] };
  expect(importanceAmongBest([...parameters, vectorize], all)).toMatchObject({
    unknown: 'searched too little',
    why: expect.stringContaining('of 99 timed trials without scalar ones is'),
  });
  expect(importanceAmongBest(parameters, all), 'without mechanisms').toMatchObject({ trials: 599, best: 59 });
  expect(importanceAmongBest(parameters, trials(40, 'scalar'))).toMatchObject({
    why: expect.stringContaining('of 40 timed trials is'),
  });
});

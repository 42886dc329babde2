import { describe, expect, it } from 'vitest';
import type { Parameter } from '../../search-space/parameter.ts';
import { integerBelow, randomFor } from '../../search-space/random.ts';
import type { SearchSpace } from '../../search-space/search-space.ts';
import { tableSpace } from '../../search-space/table-space.ts';
import type { Observation, Strategy, StrategyFactory, Suggestion } from './_base.ts';

/** The contract of every strategy, on an ordinary space, a tiny one, and ones in which most or all members fail. */
export function strategyConformance(factory: StrategyFactory): void {
  describe.each(landscapes)(`${factory.name} on $name`, ({ space, judge }) => {
    const create = (seed = 1) => factory.create({ space, seed });

    it('suggests different members that were not observed', () => {
      const seen = new Set<number>();
      for (const { index } of trialsOf(create(), judge, 60, 4)) {
        expect(seen.has(index)).toBe(false);
        expect(index).toBeGreaterThanOrEqual(0);
        expect(index).toBeLessThan(space.size);
        seen.add(index);
      }
      expect(seen.size).toBe(Math.min(60, space.size));
    });

    it('suggests the requested number, fewer only if the space has no more', () => {
      const strategy = create();
      expect(strategy.suggest(5)).toHaveLength(Math.min(5, space.size));
      strategy.observe(Array.from({ length: space.size - 2 }, (_, index) => judge(index)));
      const last = strategy.suggest(5).map(({ index }) => index);
      expect(last.toSorted((a, b) => a - b)).toEqual([space.size - 2, space.size - 1]);
      strategy.observe(last.map(judge));
      expect(strategy.suggest(1)).toEqual([]);
    });

    it('suggests the same if called twice', () => {
      const strategy = create();
      trialsOf(strategy, judge, 25, 1);
      const first = strategy.suggest(3);
      expect(strategy.suggest(3)).toEqual(first);
    });

    it('is a fold: rebuilt from the log, it suggests the same as without interruption', () => {
      const uninterrupted = create();
      const log = trialsOf(uninterrupted, judge, 37, 1);
      const rebuilt = create();
      rebuilt.observe(log);
      expect(rebuilt.suggest(2)).toEqual(uninterrupted.suggest(2));
    });

    it('observes trials that it did not suggest', () => {
      const strategy = create();
      const given = Array.from({ length: Math.min(10, space.size - 1) }, (_, index) => judge(index));
      strategy.observe(given);
      const suggested = strategy.suggest(3).map(({ index }) => index);
      expect(given.some(({ index }) => suggested.includes(index))).toBe(false);
    });

    it('does the same for the same seed', () => {
      const indices = () => trialsOf(create(7), judge, 40, 2).map(({ index }) => index);
      expect(indices()).toEqual(indices());
    });

    it('names the origin of each suggestion, and predicts with a spread or not at all', () => {
      const strategy = create();
      for (let round = 0; round < 8; round++) {
        const suggestions = strategy.suggest(4);
        suggestions.forEach(expectOriginAndSpread);
        strategy.observe(suggestions.map(({ index }) => judge(index)));
      }
    });
  });
}

function expectOriginAndSpread({ origin, prediction }: Suggestion): void {
  expect(origin).not.toBe('');
  if (prediction === undefined) return;
  expect(Number.isFinite(prediction.meanLog)).toBe(true);
  expect(prediction.sdLog).toBeGreaterThan(0);
}

/** Lets a strategy search for `most` trials in batches; returns its observations. */
export function trialsOf(
  strategy: Strategy,
  judge: (index: number) => Observation,
  most: number,
  batch: number,
): Observation[] {
  const log: Observation[] = [];
  while (log.length < most) {
    const results = strategy.suggest(Math.min(batch, most - log.length)).map(({ index }) => judge(index));
    if (results.length === 0) break;
    strategy.observe(results);
    log.push(...results);
  }
  return log;
}

const parameters: readonly Parameter[] = [
  { name: 'tile', kind: 'ordinal', tag: 'schedule', values: [1, 2, 4, 8, 16, 32] },
  { name: 'threads', kind: 'ordinal', tag: 'mt', off: 1, values: [1, 2, 3, 4] },
  { name: 'split', kind: 'categorical', tag: 'mt', off: 'block', values: ['block', 'cyclic', 'chunks'] },
  { name: 'copy', kind: 'flag', tag: 'schedule', values: [false, true] },
];

function members(keep: (digits: readonly number[]) => boolean): SearchSpace {
  const rows = parameters
    .reduce<number[][]>((all, { values }) => all.flatMap((row) => values.map((_, d) => [...row, d])), [[]])
    .filter(keep)
    .map((digits) => digits.map((digit, place) => parameters[place].values[digit]));
  return tableSpace(parameters, rows);
}

function bowl(space: SearchSpace): (index: number) => Observation {
  return (index) => {
    const [tile, threads, split, copy] = space.digitsAt(index);
    return {
      index,
      state: 'timed',
      timeUs: 10 + (tile - 4) ** 2 + 3 * (3 - threads) + split + 2 * (1 - copy),
    };
  };
}

function mostlyFailing(space: SearchSpace): (index: number) => Observation {
  const judge = bowl(space);
  return (index) =>
    integerBelow(randomFor('fails', index), 5) > 0
      ? { index, state: 'invalid', reason: 'runtime' }
      : judge(index);
}

const ordinary = members(([tile, threads]) => tile * (threads + 1) <= 12);
const tiny = members(([tile, threads, split]) => tile === 0 && threads <= 1 && split === 0);

const landscapes: readonly Readonly<{
  name: string;
  space: SearchSpace;
  judge: (index: number) => Observation;
}>[] = [
  { name: 'an ordinary space', space: ordinary, judge: bowl(ordinary) },
  { name: 'a tiny space', space: tiny, judge: bowl(tiny) },
  { name: 'a space where most members fail', space: ordinary, judge: mostlyFailing(ordinary) },
  {
    name: 'a space where all members fail',
    space: ordinary,
    judge: (index) => ({ index, state: 'invalid', reason: 'compile' }),
  },
];

import { describe, expect, it } from 'vitest';
import type { Parameter } from '../../search-space/parameter.ts';
import { tableSpace } from '../../search-space/table-space.ts';
import type { Observation, Prior, StrategyContext } from './_base.ts';
import { defaultStrategy } from './default.ts';
import { random } from './random.ts';
import { trialsOf } from './strategy.conformance.ts';

const sizes = [1, 2, 4, 8, 16, 32];
const parameters: readonly Parameter[] = ['x', 'y', 'z', 'w'].map((name) => ({
  name,
  kind: 'ordinal',
  tag: 'schedule',
  values: sizes,
}));
const space = tableSpace(
  parameters,
  sizes.flatMap((x) => sizes.flatMap((y) => sizes.flatMap((z) => sizes.map((w) => [x, y, z, w])))),
);

/** Fastest where x · y = 2⁶, z = 2 and w is largest; configurations with large z and w fail. */
function loss([x, y, z, w]: Int32Array): number {
  return z + w > 8
    ? Number.POSITIVE_INFINITY
    : 0.3 * Math.abs(x + y - 6) + 0.2 * Math.abs(z - 1) + 0.1 * (5 - w);
}

function judge(index: number): Observation {
  const logTime = loss(space.digitsAt(index));
  return Number.isFinite(logTime)
    ? { index, state: 'timed', timeUs: 10 * Math.exp(logTime) }
    : { index, state: 'invalid', reason: 'runtime' };
}

const priorOf = (sign: 1 | -1): Prior => ({
  version: 'test',
  predict: (members) => members.map((digits) => ({ meanLog: sign * Math.min(loss(digits), 3), sdLog: 0.1 })),
});

function bestAfter(trials: number, context: Partial<StrategyContext>, factory = defaultStrategy): number {
  const seeds = [1, 2, 3, 4, 5];
  const found = seeds.map((seed) => {
    const log = trialsOf(factory.create({ space, seed, ...context }), judge, trials, 1);
    return Math.min(...log.map(({ index }) => loss(space.digitsAt(index))));
  });
  return found.reduce((sum, value) => sum + value, 0) / seeds.length;
}

/** What other devices have: one basin, and slow times where w is large. */
function lossElsewhere([x, y, z, w]: Int32Array): number {
  const basin = 0.3 * Math.abs(x + y - 6) + 0.2 * Math.abs(z - 1) + 0.1 * Math.abs(w - 1);
  return basin + (w > 3 ? 0.6 : 0);
}

/** So much slower than the optimum is the best of their basin here. */
const LEAD = 0.2;

/** On the new device another basin, within the slow third, has the optimum. */
function lossHere(digits: Int32Array): number {
  const [x, y, z, w] = digits;
  const other = 0.15 * Math.abs(x - 4) + 0.25 * Math.abs(y - 3) + 0.25 * Math.abs(z - 4) + 0.2 * (5 - w);
  return w > 3 ? Math.min(LEAD + lossElsewhere(digits), other) : LEAD + lossElsewhere(digits);
}

const misled = Array.from({ length: 12 }, (_, i) => i + 1);

function leastWithin(trials: number, seed: number): number {
  const prior: Prior = {
    version: 'test',
    predict: (members) => members.map((digits) => ({ meanLog: lossElsewhere(digits), sdLog: 0.1 })),
  };
  const judgeHere = (index: number): Observation => ({
    index,
    state: 'timed',
    timeUs: 10 * Math.exp(lossHere(space.digitsAt(index))),
  });
  const log = trialsOf(defaultStrategy.create({ space, seed, prior }), judgeHere, trials, 1);
  return Math.min(...log.map(({ index }) => lossHere(space.digitsAt(index))));
}

describe('the default strategy', () => {
  it('finds a much better time in 40 trials of 1,296 than random draws', () => {
    expect(bestAfter(40, {})).toBeLessThan(0.05);
    expect(bestAfter(40, {}, random)).toBeGreaterThan(0.15);
  });

  it('tries neighbours of the only one that runs', () => {
    const runs = (index: number): boolean => index % 7 === 0;
    const strategy = defaultStrategy.create({ space, seed: 1 });
    let found: number | undefined;
    for (let trial = 0; trial < 60 && found === undefined; trial++) {
      const [{ index }] = strategy.suggest(1);
      const isFirst = trial >= 6 && runs(index);
      strategy.observe([
        isFirst ? { index, state: 'timed', timeUs: 1 } : { index, state: 'invalid', reason: 'runtime' },
      ]);
      if (isFirst) found = index;
    }
    const [next] = strategy.suggest(1);
    expect(next.origin).toBe('neighbour');
    expect(space.neighbours(found ?? -1, 'hamming')).toContain(next.index);
  });

  it('starts from a prior of other studies', () => {
    expect(bestAfter(3, { prior: priorOf(1) })).toBeLessThan(bestAfter(3, {}) / 2);
  });

  it('recovers from a prior that inverts the ranks', () => {
    expect(bestAfter(40, { prior: priorOf(-1) })).toBeLessThan(0.1);
  });

  it('leaves the basin of a prior that knows nothing of a faster one', () => {
    const ended = misled.filter((seed) => leastWithin(50, seed) < LEAD);
    expect(ended.length).toBeGreaterThan(misled.length * 0.7);
  });

  it('fits fewer models if trials cost less than a fit', () => {
    const origins = (trialCostMs: number) => {
      const strategy = defaultStrategy.create({ space, seed: 1, trialCostMs });
      return Array.from({ length: 60 }, () => {
        const [{ index, origin }] = strategy.suggest(1);
        strategy.observe([judge(index)]);
        return origin;
      });
    };
    const fromModel = (trialCostMs: number) =>
      origins(trialCostMs).filter((origin) => origin === 'model').length;
    expect(fromModel(1000)).toBeGreaterThan(30);
    expect(fromModel(0.1)).toBeLessThan(20);
  });

  it('tries the neighbours of the fastest after trials without gain, independently of its model', () => {
    const log = trialsOf(defaultStrategy.create({ space, seed: 2 }), judge, 250, 1);
    const tried = new Set(log.map(({ index }) => index));
    const fastest = log.reduce((a, b) =>
      loss(space.digitsAt(b.index)) < loss(space.digitsAt(a.index)) ? b : a,
    );
    expect(space.neighbours(fastest.index, 'hamming').filter((index) => !tried.has(index))).toEqual([]);
  });

  it('goes on as without an interruption in a long study, whose models keep trees of earlier ones', () => {
    const uninterrupted = defaultStrategy.create({ space, seed: 4 });
    const log = trialsOf(uninterrupted, judge, 151, 1);
    const rebuilt = defaultStrategy.create({ space, seed: 4 });
    rebuilt.observe(log);
    expect(rebuilt.suggest(3)).toEqual(uninterrupted.suggest(3));
  });

  it('fills a batch with members that differ', () => {
    const strategy = defaultStrategy.create({ space, seed: 3 });
    trialsOf(strategy, judge, 20, 1);
    const batch = strategy.suggest(16).map(({ index }) => space.digitsAt(index));
    const pairs = batch.flatMap((a, i) =>
      batch.slice(i + 1).map((b) => a.filter((d, p) => d !== b[p]).length),
    );
    expect(Math.min(...pairs)).toBeGreaterThan(0);
    expect(pairs.filter((changes) => changes > 1).length / pairs.length).toBeGreaterThan(0.7);
  });
});

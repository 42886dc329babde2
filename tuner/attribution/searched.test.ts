import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MECHANISMS, type Mechanism } from '../../search-space/parameter.ts';
import { randomFor } from '../../search-space/random.ts';
import { subsetName } from '../../search-space/restriction.ts';
import type { Comparison } from '../../store/comparison.ts';
import type { SettledTrial } from '../../store/trial.ts';
import { machineSpace, machineTime } from '../machine.fixture.ts';
import { championsOf } from './champions.ts';
import { isKnown, knownOr, withSearch } from './gain.ts';
import { tunedLadder } from './ladder.ts';
import { gainsOf } from './mechanism-gains.ts';
import { FEWEST_TRIALS, type GainSide, roomOf, Searched, searchFactors } from './searched.ts';
import { subspacesOf } from './subspaces.ts';

const space = machineSpace();
const subspaces = await subspacesOf(space);
const OFF: Readonly<Record<Mechanism, readonly [string, number]>> = {
  vec: ['lanes', 1],
  mt: ['threads', 1],
  db: ['buffers', 1],
};

/** Any of the members, in any order; a seldom one was disturbed. */
const logs = fc
  .shuffledSubarray(Array.from({ length: space.size }, (_, index) => index))
  .chain((places) =>
    fc.tuple(
      fc.constant(places),
      fc.array(fc.nat(9), { minLength: places.length, maxLength: places.length }),
    ),
  )
  .map(([places, luck]) =>
    places.map((index, number): SettledTrial => {
      const configuration = space.at(index);
      const about = { number, configuration, subset: 'vec+mt+db', origin: 'test', settledAt: 0 };
      return luck[number] === 0
        ? { ...about, state: 'invalid', reason: 'disturbed', message: 'disturbed' }
        : { ...about, state: 'timed', timeUs: machineTime(configuration), samplesUs: [] };
    }),
  );

function timedTrial(index: number): SettledTrial {
  const configuration = space.at(index);
  const about = { number: index, configuration, subset: 'vec+mt+db', origin: 'test', settledAt: 0 };
  return { ...about, state: 'timed', timeUs: machineTime(configuration), samplesUs: [] };
}

function championsAfter(
  log: readonly SettledTrial[],
  noise = (_round: number, _variant: number) => 1,
  meets = (_place: number) => true,
) {
  const timed = log.filter((trial) => trial.state === 'timed').filter((_, place) => meets(place));
  const comparison: Comparison = {
    kind: 'sampled',
    variants: timed.map(({ configuration }) => ({ label: 'test', configuration })),
    roundsUs: Array.from({ length: 6 }, (_, round) =>
      timed.map(({ timeUs }, variant) => timeUs * noise(round, variant)),
    ),
    comparedAt: 0,
    environment: {},
  };
  return championsOf(comparison, subspaces, new Searched(subspaces.all, log, false));
}

function timedWith(log: readonly SettledTrial[], isWanted: (on: readonly Mechanism[]) => boolean): number {
  const onIn = ({ configuration }: SettledTrial): readonly Mechanism[] =>
    MECHANISMS.filter((mechanism) => configuration[OFF[mechanism][0]] !== OFF[mechanism][1]);
  return log.filter((trial) => trial.state === 'timed' && isWanted(onIn(trial))).length;
}

describe('what the search has not looked at', () => {
  it('is unknown: no gain of a mechanism that was on in no timed trial, and no rung of it', () => {
    fc.assert(
      fc.property(logs, fc.constantFrom(...MECHANISMS), (log, mechanism) => {
        const [name, off] = OFF[mechanism];
        const without = log.filter(({ configuration }) => configuration[name] === off);
        const champions = championsAfter(without);
        const { alone, leftOut, forced, shapleyShare } = gainsOf(champions)[mechanism] ?? {};
        for (const figure of [alone, leftOut, forced, shapleyShare]) expect(isKnown(figure)).toBe(false);
        const rung = knownOr(tunedLadder(champions))?.find(
          (each) => each.rung.split('+').at(-1) === mechanism,
        );
        expect(rung?.configuration).toBeNull();
        expect(isKnown(rung?.timeUs)).toBe(false);
        expect(isKnown(rung?.gainOverPrevious)).toBe(false);
      }),
    );
  });

  it('is unknown: a gain between sides whose rounds contradict each other', () => {
    const log = Array.from({ length: space.size }, (_, index) => timedTrial(index));
    const { vec } = gainsOf(championsAfter(log, (round, variant) => 100 ** randomFor(round, variant)()));
    expect(vec?.alone).toMatchObject({ unknown: 'disturbed' });
    expect(isKnown(gainsOf(championsAfter(log)).vec?.alone)).toBe(true);
  });

  it('is unknown: a gain is told only if each side has enough timed trials, or all there are', () => {
    fc.assert(
      fc.property(logs, fc.constantFrom(...MECHANISMS), (log, mechanism) => {
        const { leftOut } = gainsOf(championsAfter(log))[mechanism] ?? {};
        const sides = [true, false].map((wanted) =>
          timedWith(log, (on) => on.includes(mechanism) === wanted),
        );
        if (isKnown(leftOut)) expect(Math.min(...sides)).toBeGreaterThanOrEqual(FEWEST_TRIALS);
        else expect(Math.min(...sides)).toBeLessThan(FEWEST_TRIALS);
      }),
    );
  });

  it('is part of the interval of what is told, which holds its value and each part', () => {
    fc.assert(
      fc.property(logs, (log) => {
        const found = Object.values(gainsOf(championsAfter(log))).flatMap((gains) => [
          gains.alone,
          gains.leftOut,
          gains.forced,
          gains.shapleyShare,
        ]);
        for (const figure of found) {
          if (!isKnown(figure) || figure.low === null || figure.high === null) continue;
          const { value, low, high, parts } = figure;
          const ends = [parts?.clock, parts?.search];
          for (const part of ends) {
            expect(low).toBeLessThanOrEqual((part?.low ?? Number.NaN) * (1 + 1e-9) + 1e-9);
            expect(high).toBeGreaterThanOrEqual((part?.high ?? Number.NaN) * (1 - 1e-9) - 1e-9);
          }
          expect(low).toBeLessThanOrEqual(value);
          expect(high).toBeGreaterThanOrEqual(value);
        }
      }),
    );
  });
});

const times = fc.array(fc.double({ min: 1, max: 1000, noNaN: true }), { minLength: 2, maxLength: 30 });
const side = (all: readonly number[], size = Number.POSITIVE_INFINITY): GainSide => {
  return { times: all, failed: 0, disturbed: 0, size };
};

describe('what a search may have missed', () => {
  it('is never negative, nothing where a side was tried whole, and more the more the last half gained', () => {
    fc.assert(
      fc.property(times, fc.double({ min: 0.1, max: 0.9, noNaN: true }), (all, share) => {
        expect(roomOf(side(all))).toBeGreaterThanOrEqual(0);
        expect(roomOf(side(all, all.length))).toBe(0);
        const least = Math.min(...all);
        expect(roomOf(side([...all, ...all.map(() => least * share)]))).toBeGreaterThanOrEqual(
          Math.log(1 / share) - 1e-9,
        );
      }),
    );
  });

  it('lowers a gain by the first side and raises it by the second, never below 1 where that contains the first', () => {
    fc.assert(
      fc.property(times, times, (first, second) => {
        for (const contains of [true, false]) {
          const { low, high } = searchFactors(side(first), side(second), contains);
          expect(low).toBeLessThanOrEqual(1);
          expect(high).toBeGreaterThanOrEqual(1);
        }
        const [before, after] = [Math.min(...first), Math.min(...second)];
        const { low } = searchFactors(side(first), side(second), true);
        expect((before / Math.min(before, after)) * low).toBeGreaterThanOrEqual(1 - 1e-12);
      }),
    );
  });

  it('is nothing for a mechanism that was tried enough and loses by far: it does not pay, which is a result', () => {
    const lost = searchFactors(side([10, 10, 10, 10, 10]), side([40, 41, 40, 40, 42]), true);
    expect(lost.high).toBe(1);
  });

  it('adds to the other part as squares of logarithms', () => {
    const gain = withSearch(
      { value: 2, low: 1, high: 2 * Math.E ** 3 },
      { low: 2, high: 2 * Math.E ** 4 },
      'sampled',
    );
    expect(gain.low).toBe(1);
    expect(gain.high).toBeCloseTo(2 * Math.E ** 5, 9);
    expect(gain.parts?.clock).toEqual({ low: 1, high: 2 * Math.E ** 3 });
  });

  it('is counted among configurations with exactly some mechanisms on', () => {
    const searched = new Searched(subspaces.all, [], false);
    const sizes = subspaces.all
      .flatMap(({ permitted }) => (permitted === undefined ? [] : [[...permitted]]))
      .map((members) => [subsetName(new Set(members)), searched.withExactly(members).size]);
    const count = (wanted: readonly Mechanism[]): number =>
      Array.from({ length: space.size }, (_, index) => space.at(index)).filter((configuration) =>
        MECHANISMS.every((one) => (configuration[OFF[one][0]] !== OFF[one][1]) === wanted.includes(one)),
      ).length;
    expect(sizes).toContainEqual(['vec+mt', count(['vec', 'mt'])]);
    expect(sizes.reduce((sum, [, size]) => sum + Number(size), 0)).toBe(space.size);
  });

  it('counts only where its fastest trials met in the final comparison', () => {
    fc.assert(
      fc.property(logs, fc.array(fc.boolean(), { minLength: 99, maxLength: 99 }), (log, met) => {
        const champions = championsAfter(log, undefined, (place) => met[place % met.length] ?? true);
        if (champions.comparison.variants.length === 0) return;
        for (const { rung, timeUs } of knownOr(tunedLadder(champions)) ?? []) {
          const within = subspaces.all.find(({ name }) => name === rung)?.space;
          const times = log.flatMap((trial) =>
            trial.state === 'timed' && within?.has(trial.configuration) ? trial.timeUs : [],
          );
          if (isKnown(timeUs)) expect(timeUs).toBeLessThanOrEqual(Math.min(...times) * 1.1);
        }
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hypervolume, paretoOptima } from './front.ts';
import { judged } from './judge.ts';
import { medianMetrics } from './metrics.ts';
import { objectiveText, parseObjective, readObjective } from './objective.ts';

describe('an objective', () => {
  it('is one question however it is written', () => {
    const text = objectiveText(
      parseObjective(' energyJ , time', ['energyJ<=2', 'GFLOP/s  > 1e3', 'energyJ <= 2.0']),
    );
    expect(text).toBe('time,energyJ where GFLOP/s>1000 and energyJ<=2');
    expect(objectiveText(readObjective(text))).toBe(text);
  });

  it.each([
    ['', [], /objective: names nothing/],
    ['time,', [], /objective: names nothing/],
    ['time,time', [], /'time' is named twice/],
    ['a b', [], /'a b' names no metric/],
    ['timeUs', [], /'timeUs' has a meaning of its own/],
    ['__proto__', [], /names no metric/],
    ['a,b,c,d,e', [], /has 5 names.*at most 4/],
    ['time', ['energyJ'], /'energyJ' is no limit.*energyJ <= 2/],
    ['time', ['energyJ <= x'], /is no limit/],
    ['time', ['energyJ <= 1e999'], /is no limit/],
    ['time', ['energyJ == 2'], /is no limit/],
    ['time', ['1 <= energyJ <= 2'], /is no limit/],
    ['time', ['unit <= 2'], /'unit' has a meaning of its own/],
    ['time', Array.from({ length: 17 }, (_, n) => `m${n} < 1`), /there are 17.*at most 16/],
  ])('%j with limits %j is refused', (objective, limits, message) => {
    expect(() => parseObjective(objective, limits)).toThrow(message);
  });
});

describe('a result', () => {
  const timed = { state: 'timed', timeUs: 5, samplesUs: [5], metrics: { energyJ: 3, bytes: 0 } } as const;
  const asked = parseObjective('time,energyJ', ['bytes < 1', 'time <= 5']);

  it('stays as it is where it keeps the limits, and where nothing is asked', () => {
    expect(judged(timed, {}, asked)).toEqual(timed);
    expect(judged({ ...timed, metrics: {} }, {}, parseObjective('time', []))).toEqual({
      ...timed,
      metrics: {},
    });
  });

  it('over a limit keeps all that was measured', () => {
    expect(judged(timed, {}, parseObjective('energyJ', ['energyJ <= 2.5']))).toEqual({
      state: 'invalid',
      reason: 'constraints',
      message: 'over the limit energyJ<=2.5: 3',
      metrics: { energyJ: 3, bytes: 0, time: 5 },
    });
  });

  it('has failed without a metric, also where the name is one of every object', () => {
    const outcome = judged(timed, {}, parseObjective('constructor', []));
    expect(outcome).toMatchObject({
      reason: 'runtime',
      message: 'reported no constructor, which the study needs; it reported energyJ, bytes',
    });
  });
});

it('takes the median of each metric over the samples that have it', () => {
  expect(medianMetrics([{ metrics: { a: 1, b: 7 } }, {}, { metrics: { a: 3 } }])).toEqual({
    metrics: { a: 2, b: 7 },
  });
  expect(medianMetrics([{}, {}])).toEqual({});
});

const points = fc.array(fc.array(fc.nat(6), { minLength: 3, maxLength: 3 }), { maxLength: 12 });

it('finds the Pareto optima that comparing all pairs finds', () => {
  fc.assert(
    fc.property(points, (all) => {
      const isBelow = (a: readonly number[], b: readonly number[]): boolean =>
        a.every((value, i) => value <= b[i]) && a.some((value, i) => value < b[i]);
      const wanted = all.filter(
        (one, place) =>
          !all.some((other, at) => isBelow(other, one) || (at < place && String(other) === String(one))),
      );
      expect(paretoOptima(all, (one) => one)).toEqual(wanted);
    }),
  );
});

it('has the volume that counting cells gives', () => {
  fc.assert(
    fc.property(points, (all) => {
      let cells = 0;
      for (let cell = 0; cell < 216; cell++) {
        const corner = [cell % 6, Math.floor(cell / 6) % 6, Math.floor(cell / 36)];
        if (all.some((point) => point.every((value, i) => value <= corner[i]))) cells++;
      }
      expect(hypervolume(all, [6, 6, 6])).toBe(cells);
    }),
  );
});

it('says that a limit is empty, and that the time has a small letter', () => {
  expect(() => parseObjective('time', [''])).toThrow(/limit: is empty/);
  expect(() => parseObjective('Time', [])).toThrow(/did you mean time\?/);
  expect(() => parseObjective('time', ['TIME < 3'])).toThrow(/did you mean time\?/);
});

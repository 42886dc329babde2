import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Configuration, Parameter } from '../../../search-space/parameter.ts';
import { parseConstraint } from '../../../search-space/parse-constraint.ts';
import type { SettledTrial, TimedTrial } from '../../../store/trial.ts';
import { isKnown } from '../../../tuner/attribution/gain.ts';
import { anyCase } from '../../targets/npu/simulator/machines.fixture.ts';
import { simulateKernel } from '../../targets/npu/simulator/simulate.ts';
import { buildSpace } from '../../targets/npu/space/space.ts';
import { measuredWay } from './measured-way.ts';
import { limitOf } from './next-limit.ts';
import { rooflineOf } from './roofline.ts';
import { simulatedWay } from './simulated-way.ts';
import { withoutEffect } from './without-effect.ts';

describe('the way on a simulated machine', () => {
  it('goes through possible configurations to the one to use, and its gains multiply to the whole', () => {
    fc.assert(
      fc.property(anyCase, fc.nat(), ({ kernel, target, configuration: to }, seed) => {
        const space = buildSpace(kernel, target);
        const from = space.at(seed % space.size);
        const { startUs, steps } = simulatedWay(kernel, target, from, to);
        const { standIn } = withoutEffect(space, to, []);
        const runUs = (configuration: Configuration): number => {
          const member = standIn(configuration);
          if (member === undefined) throw new Error('the way leads through what is not possible');
          return simulateKernel(kernel, target, member).timeUs;
        };
        let here: Configuration = from;
        let product = 1;
        for (const { changes, timeUs, gain, causes } of steps) {
          const before = runUs(here);
          for (const change of changes) {
            expect(here[change.parameter]).toBe(change.from);
            here = { ...here, [change.parameter]: change.to };
          }
          expect(timeUs).toBe(runUs(here));
          const told = causes.reduce((sum, { changeUs }) => sum + changeUs, 0);
          const longest = Math.max(before, Number(timeUs));
          expect(Math.abs(told - (Number(timeUs) - before))).toBeLessThan(0.2 * longest);
          product *= Number(gain);
        }
        expect(here).toEqual(to);
        expect(product * Number(steps.at(-1)?.timeUs ?? startUs)).toBeCloseTo(startUs * 1, 3);
      }),
      { numRuns: 40, seed: 5 },
    );
  });

  it('never shows a time below its bound, nor a rung above a roof', () => {
    fc.assert(
      fc.property(anyCase, ({ kernel, target, configuration }) => {
        const { timeUs } = simulateKernel(kernel, target, configuration);
        const { leastUs, share } = limitOf(kernel, target, configuration);
        expect(leastUs).toBeLessThanOrEqual(timeUs * 1.000001);
        expect(share).toBeGreaterThan(0);
        const none = { unknown: 'not applicable', why: '' } as const;
        const rung = { rung: 'any', configuration, timeUs, gainOverPrevious: none, gainOverScalar: none };
        const found = rooflineOf(kernel, target, [rung]);
        if (!isKnown(found)) return;
        const [point] = found.points;
        for (const roof of found.roofs) {
          if (roof.name === 'scalar units' || roof.name === 'DMA') continue;
          const height = roof.kind === 'compute' ? roof.gops : roof.gigabytes * found.intensity;
          expect(point.gops, roof.name).toBeLessThanOrEqual(height * 1.000001);
        }
        expect(point.intensity).toBeLessThanOrEqual(found.intensity * 1.000001);
      }),
      { numRuns: 60, seed: 6 },
    );
  });
});

describe('the way of a measured study', () => {
  const parameters: readonly Parameter[] = ['tile', 'wide', 'deep'].map((name) => ({
    name,
    kind: 'ordinal',
    tag: 'schedule',
    values: [1, 2, 4],
  }));
  const names = parameters.map(({ name }) => name);
  const all = parameters.reduce<readonly Configuration[]>(
    (found, { name, values }) => found.flatMap((each) => values.map((value) => ({ ...each, [name]: value }))),
    [{}],
  );
  const timeOf = ({ tile, wide, deep }: Configuration) =>
    1000 / (Number(tile) ** 2 * Number(wide)) + Number(deep);
  const timed = (configuration: Configuration, number: number): TimedTrial => ({
    configuration,
    number,
    subset: 'all',
    origin: 'random',
    state: 'timed',
    timeUs: timeOf(configuration),
    samplesUs: [timeOf(configuration)],
    settledAt: 0,
  });
  const from = { tile: 1, wide: 1, deep: 4 };
  const to = { tile: 4, wide: 4, deep: 1 };
  const way = (
    trials: readonly TimedTrial[],
    constraints: readonly string[] = [],
    between: readonly SettledTrial[] = [],
  ) =>
    measuredWay(
      { parameters, constraints: constraints.map((text) => parseConstraint(text, text, names)) },
      { trials, between, compared: [], seed: 1 },
      from,
      to,
    );

  it('is measured where trials timed both ends, the change that gains most first', () => {
    const found = way(all.map(timed));
    if (!isKnown(found)) throw new Error(found.why);
    expect(found.steps.map(({ changes }) => changes.map(({ parameter }) => parameter))).toEqual([
      ['tile'],
      ['wide'],
      ['deep'],
    ]);
    expect(found.steps.map(({ how }) => how)).toEqual(['measured', 'measured', 'measured']);
    expect(found.steps[0].gain).toBe(timeOf(from) / timeOf({ ...from, tile: 4 }));
  });

  it('is predicted, and says so, where no trial timed an end', () => {
    const ends = [from, to].map((end) => JSON.stringify(end));
    const some = all.filter(
      (each) => ends.includes(JSON.stringify(each)) || each.tile !== 4 || each.wide === 4,
    );
    const found = way(some.map(timed));
    if (!isKnown(found)) throw new Error(found.why);
    expect(found.startHow).toBe('measured');
    expect(found.comparedTimes).toBeNull();
    const [first] = found.steps;
    expect(first.how === 'predicted' || first.changes[0].parameter !== 'tile').toBe(true);
    expect(found.steps.some(({ how }) => how === 'predicted')).toBe(true);
  });

  const wrong = (configuration: Configuration, number: number): SettledTrial => ({
    ...{ configuration, number, subset: 'all', origin: 'default', settledAt: 0 },
    ...{ state: 'invalid', reason: 'correctness', message: 'out[0] is 1, expected 2' },
  });
  const without = (...left: readonly Configuration[]) =>
    all.filter((each) => left.every((one) => JSON.stringify(one) !== JSON.stringify(each))).map(timed);

  it('is unknown where the default computes wrongly, however well other trials would predict it', () => {
    expect(way(without(from), [], [wrong(from, 99)])).toEqual({
      unknown: 'failed',
      why: 'its trial ended as correctness: out[0] is 1, expected 2; a gain over the default is unknown',
    });
    expect(way(without(from))).toMatchObject({ unknown: 'not tried' });
  });

  it('does not lead through what failed', () => {
    const failed = { ...from, tile: 4 };
    const found = way(without(failed), [], [wrong(failed, 99)]);
    if (!isKnown(found)) throw new Error(found.why);
    const [first] = found.steps;
    expect(first.changes.map(({ parameter }) => parameter)).not.toEqual(['tile']);
    expect(first.how).toBe('measured');
  });

  it('is unknown without trials, and between two configurations that nothing tells about', () => {
    expect(way([])).toMatchObject({ unknown: 'not tried' });
    const far = [...parameters, { ...parameters[0], name: 'more' }];
    const [start, end] = [
      { ...from, more: 1 },
      { ...to, more: 4 },
    ];
    const ends = { trials: [start, end].map(timed), between: [], compared: [], seed: 1 };
    const found = measuredWay({ parameters: far, constraints: [] }, ends, start, end);
    expect(found).toMatchObject({ unknown: 'searched too little' });
  });

  it('takes what only the final comparison timed relative to the default there', () => {
    const compared = [from, to].map((configuration) => ({
      configuration,
      timeUs: timeOf(configuration) / 2,
    }));
    const source = { trials: [timed(from, 0)], between: [], compared, seed: 1 };
    const found = measuredWay({ parameters, constraints: [] }, source, from, to);
    if (!isKnown(found)) throw new Error(found.why);
    expect(found.startUs).toBe(timeOf(from));
    expect(found.steps.at(-1)?.timeUs).toBeCloseTo(timeOf(to), 9);
    expect(found.comparedTimes).toBeCloseTo(2, 9);
  });

  it('tells two changes that gain only together as one step, and one that gains nothing as its own', () => {
    // Neither wide nor deep alone changes the time; tile does by itself.
    const together = (each: Configuration) => ({
      ...timed(each, 0),
      timeUs: (each.tile === to.tile ? 50 : 100) / (each.wide === to.wide && each.deep === to.deep ? 4 : 1),
    });
    const found = way(all.map(together));
    if (!isKnown(found)) throw new Error(found.why);
    const changed = found.steps.map(({ changes }) => changes.map(({ parameter }) => parameter));
    expect(changed.map((names) => names.toSorted())).toEqual([['deep', 'wide'], ['tile']]);
    expect(found.steps.map(({ gain }) => gain)).toEqual([4, 2]);
    const dead = (each: Configuration) => ({ ...timed(each, 0), timeUs: each.tile === to.tile ? 50 : 100 });
    const alone = way(all.map(dead));
    if (!isKnown(alone)) throw new Error(alone.why);
    expect(alone.steps.map(({ changes }) => changes.length)).toEqual([1, 1, 1]);
  });

  it('changes last, without a gain, what the end’s other values pin, and what changed no code', () => {
    // A tile has no effect where wide is 4, though it has one before; deep changed no code at all.
    const timeOfCode = ({ tile, wide }: Configuration) => (wide === 4 ? 25 : 100 / Number(tile));
    const members = all.filter(({ tile, wide }) => wide !== 4 || tile === 1);
    const trials = members.map((each) => ({ ...timed(each, 0), timeUs: timeOfCode(each) }));
    const [start, end] = [
      { tile: 2, wide: 1, deep: 4 },
      { tile: 1, wide: 4, deep: 1 },
    ];
    const pinned = parseConstraint('wide != 4 or tile == 1', 'wide != 4 or tile == 1', names);
    const source = { trials, between: [], compared: [], seed: 1, idle: ['deep'] };
    const found = measuredWay({ parameters, constraints: [pinned] }, source, start, end);
    if (!isKnown(found)) throw new Error(found.why);
    const told = found.steps.map(({ changes, gain, how }) => [changes[0].parameter, gain, how]);
    expect(told).toEqual([
      ['wide', 2, 'measured'],
      ['tile', 1, 'measured'],
      ['deep', 1, 'measured'],
    ]);
  });

  it('changes several parameters at once where no single change is possible', () => {
    const found = way(all.map(timed), ['(tile == 4) == (wide == 4)']);
    if (!isKnown(found)) throw new Error(found.why);
    expect(found.steps[0].changes.map(({ parameter }) => parameter)).toEqual(['tile', 'wide']);
    expect(found.steps).toHaveLength(2);
  });
});

import { describe, expect, it } from 'vitest';
import { InputError } from '../../search-space/input-error.ts';
import type { Parameter } from '../../search-space/parameter.ts';
import { randomFor } from '../../search-space/random.ts';
import { tableSpace } from '../../search-space/table-space.ts';
import type { ReplayTable } from '../../src/targets/replay/table.ts';
import { strategyNamed } from '../../tuner/strategies/registry.ts';
import { baselineOf, scoreOf } from './baseline.ts';
import { contestantNamed } from './contestants.ts';
import { deviceKey, otherDevices } from './devices.ts';
import { besideEnvelope } from './envelope.ts';
import { derived } from './families/derived.ts';
import { transferred } from './families/transferred.ts';
import { landscapeOf } from './landscape.ts';
import { readOptions } from './options.ts';
import { besidePeers, readPeers } from './peers.ts';
import { curvesOf, drawCurves } from './plot.ts';
import { resultsOf, summaryOf } from './results.ts';
import { fractionAfter, searchLandscape, trialsTo95 } from './search-landscape.ts';
import { Shelf } from './shelf.ts';
import { drawnSubjects, familyNames, landscapeOfSubject } from './subject.ts';
import { envelopeTableOf, peerTableOf, tableOf } from './table.ts';

const parameter: Parameter = { name: 'n', kind: 'ordinal', tag: 'schedule', values: [0, 1, 2, 3] };
const space = tableSpace([parameter], [[0], [1], [2], [3]]);
const table: ReplayTable = {
  name: 'four',
  kernel: 'k',
  device: 'GTX 1',
  source: 'test',
  space,
  default: space.at(0),
  timesUs: Float64Array.of(Number.NaN, 400, 200, 100),
  sdUs: undefined,
  trialMs: undefined,
  optimumUs: 100,
  notes: [],
};
const inOrder = () => strategyNamed('exhaustive').create({ space, seed: 1 });

const landscape = landscapeOf(table);

describe('a search of a table', () => {
  const curve = searchLandscape(landscape, inOrder(), 9);

  it('counts failures, and ends when nothing is left', () => {
    expect(curve).toHaveLength(4);
    expect([1, 2, 3, 4, 9].map((budget) => fractionAfter(curve, budget))).toEqual([0, 0.25, 0.5, 1, 1]);
  });

  it('counts the trials to 95 % of the optimum', () => {
    expect(trialsTo95(curve)).toBe(4);
    expect(trialsTo95(curve.slice(0, 3))).toBe(Number.POSITIVE_INFINITY);
  });
});

const SEARCHED = {
  space: 'four',
  family: 'k',
  strategy: 'exhaustive',
  baseline: undefined,
  endsMs: undefined,
};

describe('results', () => {
  const curves = [searchLandscape(landscape, inOrder(), 4), searchLandscape(landscape, inOrder(), 4)];
  const results = resultsOf({ ...SEARCHED, curves, cpuMs: 16, modelCpuMs: 8 }, [2, 4]);

  it('has a line for each budget, with the mean over the seeds', () => {
    expect(results).toEqual([
      {
        space: 'four',
        family: 'k',
        strategy: 'exhaustive',
        budget: 2,
        fraction: 0.25,
        fractions: [0.25, 0.25],
        trialsTo95: 4,
        score: null,
        cpuMsPerTrial: 2,
        modelCpuMsPerTrial: 1,
      },
      {
        space: 'four',
        family: 'k',
        strategy: 'exhaustive',
        budget: 4,
        fraction: 1,
        fractions: [1, 1],
        trialsTo95: 4,
        score: null,
        cpuMsPerTrial: 2,
        modelCpuMsPerTrial: 1,
      },
    ]);
  });

  it('summarizes over the spaces; null if never reached', () => {
    const other = results.map((result) => ({ ...result, space: 'five', fraction: 0.75, trialsTo95: null }));
    const all = { family: 'k', strategy: 'exhaustive', trialsTo95: null, score: null, cpuMsPerTrial: 2 };
    expect(summaryOf([...results, ...other])).toEqual([
      { ...all, budget: 2, fraction: 0.5 },
      { ...all, budget: 4, fraction: 0.875 },
    ]);
  });

  it('can be printed as a table', () => {
    const lines = tableOf(results, summaryOf(results)).split('\n');
    expect(lines[0]).toMatch(/^space +strategy +2 +4 +to 95 % +score +CPU ms\/trial +of it models$/);
    expect(lines[1]).toMatch(/^four +exhaustive +0\.250 +1\.000 +4 +- +2\.00 +1\.00$/);
    expect(lines[2]).toMatch(/^mean k +exhaustive +0\.2500 +1\.0000 +4 +- +2\.00$/);
  });
});

describe("the methodology's score", () => {
  const baseline = baselineOf(landscape);
  if (baseline === undefined) throw new Error('it can be listed');

  it('has the expected best of random draws as its baseline, a failure counting as the median', () => {
    // One draw: a failure (as 200), 400, 200 or 100 µs; two: six pairs.
    expect(Math.exp(baseline.expected[0])).toBeCloseTo((200 + 400 + 200 + 100) / 400);
    expect(Math.exp(baseline.expected[1])).toBeCloseTo((400 + 200 + 100 + 200 + 100 + 100) / 600);
    expect(baseline.expected).toHaveLength(4);
  });

  it('is 1 for the optimum at once, and less where each trial takes longer', () => {
    const atOnce = [Float64Array.of(0)];
    const slowly = [Float64Array.of(Math.log(4), Math.log(2), Math.log(2), 0)];
    const last = { ...baseline, expected: baseline.expected.slice(0, 3) };
    const inStep = (_: number, draws: number): number => draws;
    expect(scoreOf(last, atOnce, inStep)).toBe(1);
    expect(scoreOf(last, atOnce, (_, draws) => draws >> 1)).toBeLessThan(1);
    expect(scoreOf(last, slowly, inStep)).toBeLessThan(0);
  });

  it('is that of random search for what random search is expected to find, however small the budget', () => {
    const inStep = (_: number, draws: number): number => draws;
    for (const budget of [1, 2, 3])
      expect(scoreOf(baseline, [baseline.expected.slice(0, budget)], inStep)).toBeCloseTo(0);
    expect(scoreOf(baseline, [Float64Array.of(1)], (_, draws) => draws + 1)).toBeNull();
  });

  it('takes the time of builds and runs as its clock, where a table has it, and adds the strategy’s own', () => {
    const slow = baselineOf(landscapeOf({ ...table, trialMs: Float64Array.of(10, 10, 10, 50) }));
    if (slow === undefined) throw new Error('it can be listed');
    const scored = (endsMs: readonly number[], cpuMs: number) =>
      resultsOf(
        {
          space: 'four',
          family: 'k',
          strategy: 'exhaustive',
          baseline: { ...slow, expected: slow.expected.slice(0, 3) },
          curves: [Float64Array.of(Math.log(2), 0)],
          endsMs: [Float64Array.from(endsMs)],
          cpuMs,
          modelCpuMs: 0,
        },
        [2],
      )[0].score;
    // Random draws end after 20, 40 and 60 ms.
    expect(slow.drawMs).toBe(20);
    expect(scored([10, 20], 0)).toBe(1);
    expect(scored([10, 25], 0)).toBeLessThan(1);
    expect(scored([10, 20], 1)).toBe(scored([10, 25], 0));
  });
});

describe('drawn landscapes', () => {
  const shelf = new Shelf();
  const made = familyNames.filter((name) => !['quartered', 'isolated'].includes(name));

  it.each(made)('of %s repeat, are searched, and never beat the planted optimum', async (family) => {
    const [first, second] = drawnSubjects([family], [], { draws: 2, seed: 3 });
    const [one, same, other] = await Promise.all(
      [first, first, second].map((subject) => landscapeOfSubject(subject, shelf)),
    );
    const search = (of: typeof one) =>
      searchLandscape(of, contestantNamed('evolutionary').create({ space: of.space, seed: 1 }), 60);
    expect(search(same)).toEqual(search(one));
    expect(search(other)).not.toEqual(search(one));
    expect(Math.min(...search(one))).toBeGreaterThanOrEqual(0);
  });

  it.each(['hidden', 'opened'])('of %s have an optimum that is slow on all other devices', (family) => {
    const { landscape, others } = transferred(family, 1, 0);
    const { space, timeUs, optimumUs } = landscape;
    const members = Array.from({ length: space.size }, (_, index) => index);
    const best = members.reduce((a, b) => (timeUs(b) < timeUs(a) ? b : a));
    expect(timeUs(best)).toBeCloseTo(optimumUs);
    for (const other of others) {
      const there = members.reduce((a, b) => (other.timeUs(b) < other.timeUs(a) ? b : a));
      expect(other.timeUs(best)).toBeGreaterThan(1.1 * other.timeUs(there));
      expect(timeUs(there)).toBeGreaterThan(1.03 * optimumUs);
    }
  });

  it('most members of one that mostly fails fail, and its optimum does not', async () => {
    const [subject] = drawnSubjects(['failing'], [], { draws: 1, seed: 1 });
    const { space, timeUs, optimumUs } = await landscapeOfSubject(subject, shelf);
    const times = Array.from({ length: space.size }, (_, index) => timeUs(index));
    const share = times.filter(Number.isNaN).length / space.size;
    expect(share).toBeGreaterThan(0.9);
    expect(share).toBeLessThan(0.99);
    expect(Math.min(...times.filter((time) => !Number.isNaN(time)))).toBeCloseTo(optimumUs);
  });

  it('made of a table keep its times, and two at most near the optimum', () => {
    const digits = Array.from({ length: 40 }, (_, n) => n);
    const many = tableSpace(
      [{ ...parameter, values: digits }],
      digits.map((n) => [n]),
    );
    const timesUs = Float64Array.from(digits, (n) => 100 + n);
    const wide = { ...table, space: many, timesUs };
    const isolated = derived('isolated', wide, 1, 0);
    const times = Array.from({ length: isolated.space.size }, (_, index) => isolated.timeUs(index));
    expect(times.filter((time) => time < 111).length).toBeLessThanOrEqual(2);
    expect(Math.min(...times)).toBe(isolated.optimumUs);
    expect(derived('quartered', wide, 1, 0).space.size).toBe(30);
  });
});

describe('the envelope', () => {
  const result = (space: string, strategy: string, ...fractions: readonly number[]) => ({
    space,
    strategy,
    family: 'k',
    budget: 2,
    fraction: fractions.reduce((sum, fraction) => sum + fraction, 0) / fractions.length,
    fractions,
    trialsTo95: null,
    score: null,
    cpuMsPerTrial: 0,
    modelCpuMsPerTrial: 0,
  });

  it('is the best of the simple strategies and the peers on each space', () => {
    const results = [
      result('a', 'default', 0.5),
      result('a', 'random', 0.25),
      result('a', 'tpe', 0.75),
      result('b', 'default', 1),
      result('b', 'random', 0.25),
    ];
    const peer = { peer: 'x y', space: 'b', budget: 2, fraction: 0.5, fractions: [0.5] };
    expect(besideEnvelope(results, [peer])).toEqual([
      {
        family: 'k',
        strategy: 'default',
        budget: 2,
        spaces: 2,
        fraction: 0.75,
        envelope: 0.625,
        fair: null,
        worst: { space: 'a', behind: 0.25 },
      },
    ]);
  });

  it('is fair where those searches that choose the best do not judge it', () => {
    const random = randomFor('fair');
    const searches = (mean: number) => Array.from({ length: 4 }, () => mean + 0.2 * (random() - 0.5));
    const spaces = Array.from({ length: 60 }, (_, n) => `space ${n}`);
    const level = spaces.flatMap((space) => [
      result(space, 'default', 0.5),
      ...['random', 'tpe', 'annealing'].map((name) => result(space, name, ...searches(0.5))),
    ]);
    const [beside] = besideEnvelope(level, []);
    expect(beside.envelope).toBeGreaterThan(0.52);
    expect(Math.abs((beside.fair ?? 0) - 0.5)).toBeLessThan(0.01);
    expect(envelopeTableOf([beside])).toMatch(/0\.500 \/ 0\.5\d\d \/ 0\.(49|50)\d/);
    const apart = [result('a', 'default', 1), result('a', 'random', 0.1, 0.2), result('a', 'tpe', 0.5, 0.7)];
    expect(besideEnvelope(apart, [])[0].fair).toBeCloseTo(0.6);
  });
});

describe('the comparators', () => {
  it.each(['tpe', 'local-search'])('%s finds a better time than random draws in the same trials', (name) => {
    const sizes = Array.from({ length: 12 }, (_, n) => n + 1);
    const square = tableSpace(
      ['x', 'y', 'z'].map((of) => ({ ...parameter, name: of, values: sizes })),
      sizes.flatMap((x) => sizes.flatMap((y) => sizes.map((z) => [x, y, z]))),
    );
    const bowl = {
      name: 'bowl',
      family: 'bowls',
      space: square,
      optimumUs: 1,
      timeUs: (index: number) => square.digitsAt(index).reduce((sum, digit) => sum + (digit - 4) ** 2, 1),
    };
    const found = (strategy: string): number =>
      [1, 2, 3, 4].reduce((sum, seed) => {
        const curve = searchLandscape(bowl, contestantNamed(strategy).create({ space: square, seed }), 80);
        return sum + fractionAfter(curve, 80);
      }, 0);
    expect(found(name)).toBeGreaterThan(found('random'));
  });
});

describe('peers', () => {
  const csv = [
    'space,tool,strategy,budget,seed,ratio_to_optimum',
    'four,other,tpe,2,1,0.25',
    'four,other,tpe,2,2,',
    'elsewhere,other,tpe,2,1,1',
  ].join('\n');
  const curves = [searchLandscape(landscape, inOrder(), 4)];
  const searched = { ...SEARCHED, curves, cpuMs: 1, modelCpuMs: 0 };
  const results = resultsOf(searched, [2, 4]);
  const lines = besidePeers(results, readPeers(csv));

  it('are compared with our strategies on common spaces and budgets', () => {
    expect(lines).toEqual([
      {
        peer: 'other tpe',
        strategy: 'exhaustive',
        budget: 2,
        spaces: 1,
        peerFraction: 0.125,
        fraction: 0.25,
      },
    ]);
    expect(peerTableOf(lines).split('\n')[1]).toMatch(/^other tpe +exhaustive +1 +0\.125 \/ 0\.250$/);
  });

  it('are drawn with our strategies', () => {
    const svg = drawCurves(curvesOf(results, lines));
    expect(svg).toContain('exhaustive: 75 % after 2.');
    expect(svg).toContain('other tpe: 88 % after 2.');
    expect(svg.match(/<polyline/g)).toHaveLength(2);
  });

  it.each([
    ['space,tool,strategy,budget\n', /no column 'ratio_to_optimum'/],
    [csv.replace('0.25', 'good'), /line 2 has budget '2' and ratio 'good'/],
  ])('refuses %j', (text, message) => {
    expect(() => readPeers(text)).toThrow(message);
  });
});

describe('devices', () => {
  it.each([
    ['RTX_2080_Ti', '2080Ti'],
    ['NVIDIA GeForce RTX 2080 Ti', 'RTX_2080_Ti'],
    ['RTX_Titan', 'TITAN_RTX'],
  ])('%s is %s', (a, b) => {
    expect(deviceKey(a)).toBe(deviceKey(b));
  });

  it('learns from other devices with the same parameters only', () => {
    const elsewhere = { ...table, device: 'GTX 2' };
    const otherKernel = {
      ...elsewhere,
      space: tableSpace([{ ...parameter, name: 'm' }], [[0], [1]]),
    };
    expect(otherDevices(table, [table, elsewhere, otherKernel])).toEqual([elsewhere]);
  });
});

describe('options', () => {
  it('reads options, sorted and without repetition', () => {
    expect(readOptions(['--spaces', 'x', '--budgets', '50,10,50', '--strategies', 'random'])).toEqual({
      spaces: 'x',
      families: [],
      draws: 10,
      seed: 1,
      budgets: [10, 50],
      seeds: 20,
      strategies: ['random'],
      format: 'table',
      transfer: false,
      wave: 1,
      ahead: false,
      peers: undefined,
      plot: undefined,
      trialMs: Number.POSITIVE_INFINITY,
    });
  });

  it.each([
    [[], /--spaces: is missing/],
    [['--spaces', 'x', '--seeds', '0'], /--seeds: cannot be '0'/],
    [['--spaces', 'x', '--budgets', '10,many'], /--budgets: cannot be 'many'/],
    [['--spaces', 'x', '--strategies', 'defualt'], /did you mean 'default'/],
    [['--spaces', 'x', '--families', 'needle'], /did you mean 'needles'/],
    [['--spaces', 'x', '--trial-ms', '0'], /--trial-ms: cannot be '0'/],
    [['--spaces', 'x', '--format', 'xml'], /--format/],
    [['--spaces', 'x', '--transfer', 'all'], /--transfer/],
    [['--nonsense'], /arguments/],
  ])('refuses %j', (argv, message) => {
    expect(() => readOptions(argv)).toThrow(InputError);
    expect(() => readOptions(argv)).toThrow(message);
  });
});

import { describe, expect, it } from 'vitest';
import { InputError } from '../../search-space/input-error.ts';
import type { Parameter } from '../../search-space/parameter.ts';
import { tableSpace } from '../../search-space/table-space.ts';
import type { ReplayTable } from '../../src/targets/replay/table.ts';
import { strategyNamed } from '../../tuner/strategies/registry.ts';
import { deviceKey, otherDevices } from './devices.ts';
import { readOptions } from './options.ts';
import { besidePeers, readPeers } from './peers.ts';
import { curvesOf, drawCurves } from './plot.ts';
import { resultsOf, summaryOf } from './results.ts';
import { fractionAfter, searchTable, trialsTo95 } from './search-table.ts';
import { peerTableOf, tableOf } from './table.ts';

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
  optimumUs: 100,
  notes: [],
};
const inOrder = () => strategyNamed('exhaustive').create({ space, seed: 1 });

describe('a search of a table', () => {
  const curve = searchTable(table, inOrder(), 9);

  it('counts failures, and ends when nothing is left', () => {
    expect(curve).toHaveLength(4);
    expect([1, 2, 3, 4, 9].map((budget) => fractionAfter(curve, budget))).toEqual([0, 0.25, 0.5, 1, 1]);
  });

  it('counts the trials to 95 % of the optimum', () => {
    expect(trialsTo95(curve)).toBe(4);
    expect(trialsTo95(curve.slice(0, 3))).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('results', () => {
  const curves = [searchTable(table, inOrder(), 4), searchTable(table, inOrder(), 4)];
  const results = resultsOf(
    { space: 'four', strategy: 'exhaustive', curves, cpuMs: 16, modelCpuMs: 8 },
    [2, 4],
  );

  it('has a line for each budget, with the mean over the seeds', () => {
    expect(results).toEqual([
      {
        space: 'four',
        strategy: 'exhaustive',
        budget: 2,
        fraction: 0.25,
        trialsTo95: 4,
        cpuMsPerTrial: 2,
        modelCpuMsPerTrial: 1,
      },
      {
        space: 'four',
        strategy: 'exhaustive',
        budget: 4,
        fraction: 1,
        trialsTo95: 4,
        cpuMsPerTrial: 2,
        modelCpuMsPerTrial: 1,
      },
    ]);
  });

  it('summarizes over the spaces; null if never reached', () => {
    const other = results.map((result) => ({ ...result, space: 'five', fraction: 0.75, trialsTo95: null }));
    expect(summaryOf([...results, ...other])).toEqual([
      { strategy: 'exhaustive', budget: 2, fraction: 0.5, trialsTo95: null },
      { strategy: 'exhaustive', budget: 4, fraction: 0.875, trialsTo95: null },
    ]);
  });

  it('can be printed as a table', () => {
    const lines = tableOf(results, summaryOf(results)).split('\n');
    expect(lines[0]).toMatch(/^space +strategy +2 +4 +to 95 % +CPU ms\/trial +of it models$/);
    expect(lines[1]).toMatch(/^four +exhaustive +0\.250 +1\.000 +4 +2\.00 +1\.00$/);
    expect(lines[2]).toMatch(/^mean +exhaustive +0\.2500 +1\.0000 +4$/);
  });
});

describe('peers', () => {
  const csv = [
    'space,tool,strategy,budget,seed,ratio_to_optimum',
    'four,other,tpe,2,1,0.25',
    'four,other,tpe,2,2,',
    'elsewhere,other,tpe,2,1,1',
  ].join('\n');
  const curves = [searchTable(table, inOrder(), 4)];
  const searched = { space: 'four', strategy: 'exhaustive', curves, cpuMs: 1, modelCpuMs: 0 };
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
      budgets: [10, 50],
      seeds: 20,
      strategies: ['random'],
      format: 'table',
      transfer: false,
      peers: undefined,
      plot: undefined,
    });
  });

  it.each([
    [[], /--spaces: is missing/],
    [['--spaces', 'x', '--seeds', '0'], /--seeds: cannot be '0'/],
    [['--spaces', 'x', '--budgets', '10,many'], /--budgets: cannot be 'many'/],
    [['--spaces', 'x', '--strategies', 'defualt'], /did you mean 'default'/],
    [['--spaces', 'x', '--format', 'xml'], /--format/],
    [['--spaces', 'x', '--transfer', 'all'], /--transfer/],
    [['--nonsense'], /arguments/],
  ])('refuses %j', (argv, message) => {
    expect(() => readOptions(argv)).toThrow(InputError);
    expect(() => readOptions(argv)).toThrow(message);
  });
});

import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { randomFor } from '../../../search-space/random.ts';
import { isKnown } from '../../../tuner/attribution/gain.ts';
import { noImports } from '../../ask/own-kernels.ts';
import { readLogs } from '../../importers/device-log/read-logs.ts';
import { libraryKernel } from '../../kernels/library.ts';
import { misfitOf } from '../../targets/npu/fit/logged-times.ts';
import { openFigures, valuesAt } from '../../targets/npu/fit/open-figures.ts';
import { withFigures } from '../../targets/npu/machine/calibration.ts';
import { parseTarget } from '../../targets/npu/machine/load.ts';
import { parameterSets, withParameterSet } from '../../targets/npu/machine/parameter-sets.ts';
import type { SimulatedTarget } from '../../targets/npu/machine/schema.ts';
import { simulateKernel } from '../../targets/npu/simulator/simulate.ts';
import { simulatedTarget } from '../../targets/npu/target.ts';
import { type CalibrationAnswer, calibrate } from './calibrate.ts';
import { calibratedFile } from './calibrated-file.ts';
import { loggedCalls } from './logged-calls.ts';

/** What users of a machine would not know of it; the latencies and sizes they have from a manual. */
const OPEN =
  /^(callUs|forkJoinUs|barrierUs|(copy|dma|direct)\..*(GBs|Us)|scratchpad\.scalar.*|memory\.1\..*)$/;

/** edge-2mib as a machine of which these figures are not known; `out` takes more of them. */
function machineFile(): Record<string, unknown> {
  const path = new URL('../../targets/npu/machine/data/edge-2mib.json', import.meta.url);
  const known = (part: unknown, at: string): unknown => {
    if (typeof part !== 'object' || part === null) return part;
    if (Array.isArray(part)) return part.map((one, i) => known(one, `${at}.${i}`));
    const entries = Object.entries(part).map(([key, inner]) => [
      key,
      known(inner, at === '' ? key : `${at}.${key}`),
    ]);
    return Object.fromEntries(entries.filter(([key]) => key !== 'range' || OPEN.test(at)));
  };
  const file = z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(path, 'utf8')));
  return z.record(z.string(), z.unknown()).parse(known({ ...file, name: 'my-npu' }, ''));
}

const file = machineFile();
const target = parseTarget(file, 'mine.json');

/** A log that a machine with other figures writes: kernels, shapes and configurations as in the words of a table. */
function logOf(
  truth: SimulatedTarget,
  calls: readonly (readonly [kernel: string, shape: string, set: string])[],
): string {
  const rows = calls.map(([kernel, shape, set]) => {
    const built = libraryKernel(kernel, shape.split('x').map(Number));
    const own = simulatedTarget(target);
    const space = own.space(built);
    const given = Object.fromEntries(
      set.split(';').map((text) => {
        const [name, word] = text.split('=');
        return [name, Number.isNaN(Number(word)) ? word : Number(word)];
      }),
    );
    const configuration = { ...own.defaultConfiguration(built, space), ...given };
    if (!space.has(configuration)) throw new Error(`${kernel} ${set} is not of the space`);
    return `${kernel},${shape},,${set},${simulateKernel(built, truth, configuration).timeUs.toPrecision(7)}`;
  });
  return ['kernel,shape,dtype,configuration,time_us', ...rows].join('\n');
}

async function calibrated(text: string, of = target): Promise<CalibrationAnswer> {
  const { calls } = await loggedCalls(readLogs([{ name: 'device.csv', text }], undefined), of, [], noImports);
  return calibrate(of, calls);
}

const add = (set: string) => ['vector-add', '64x16384', set] as const;
const gelu = (shape: string, set: string) => ['gelu', shape, set] as const;
const TWO = 'threads=2;split=tiles-block';
/** Twenty timings, as docs/targets.md says: each figure decides what some of them take. */
const LOG: readonly (readonly [kernel: string, shape: string, set: string])[] = [
  ['relu', '256', 'staging=copy;tile=256'],
  gelu('4096', 'staging=copy;tile=4096'),
  ['relu', '1024', `staging=copy;tile=512;${TWO}`],
  gelu('16384', `staging=copy;tile=4096;${TWO}`),
  gelu('262144', 'staging=copy;tile=16384'),
  gelu('262144', `staging=copy;tile=16384;${TWO}`),
  gelu('262144', 'staging=copy;tile=16384;vectorBytes=0'),
  gelu('65536', 'staging=copy;tile=4096;threads=2;split=chunks'),
  gelu('262144', 'staging=copy;tile=4096;threads=2;split=chunks'),
  ['relu', '65536', 'staging=dma;tile=256'],
  gelu('65536', 'staging=dma;tile=4096;buffers=2'),
  ['relu', '65536', `staging=dma;tile=256;${TWO}`],
  add('staging=copy;tileRows=4;tileCols=16384'),
  add(`staging=copy;tileRows=4;tileCols=16384;${TWO}`),
  add('staging=dma;tileRows=4;tileCols=16384'),
  add('staging=dma;tileRows=1;tileCols=16384;buffers=2'),
  add(`staging=dma;tileRows=4;tileCols=16384;${TWO}`),
  add('staging=copy;tileRows=4;tileCols=16384;vectorBytes=0'),
  add('staging=dma;tileRows=2;tileCols=16384;threads=2;split=chunks'),
  add('staging=copy;tileRows=2;tileCols=16384;threads=2;split=chunks'),
];

const HIDDEN = [1, 2].map((seed) => {
  const random = randomFor('a hidden machine', seed);
  const figures = openFigures(target);
  return valuesAt(
    figures,
    figures.map(() => 0.1 + 0.8 * random()),
  );
});

describe.each(HIDDEN)('a log of a machine with hidden figures', (hidden) => {
  const truth = withFigures(target, hidden);
  let answer: CalibrationAnswer;
  beforeAll(async () => {
    answer = await calibrated(logOf(truth, LOG));
  });
  const found = (figure: string) => answer.figures.find((one) => one.figure === figure);

  it('is explained, where the file’s own figures miss it', () => {
    expect(answer.timings).toBe(20);
    expect(answer.errorBefore).toBeGreaterThan(0.05);
    expect(answer.error).toBeLessThan(0.005);
    expect(isKnown(answer.blame)).toBe(false);
  });

  it('gives back within 5 % each figure that it is said to fix', () => {
    const fixed = answer.figures.filter(({ verdict }) => verdict === 'fixed');
    for (const { figure, value, low, high } of fixed) {
      expect(Math.abs(Math.log(value / hidden[figure])), figure).toBeLessThan(Math.log(1.05));
      expect(low <= hidden[figure] && hidden[figure] <= high, figure).toBe(true);
    }
  });

  it('fixes what the timings were chosen for', () => {
    for (const figure of ['scratchpad.scalarAccessNs', 'forkJoinUs'])
      expect([figure, found(figure)?.verdict]).toEqual([figure, 'fixed']);
  });

  it('has nearly every truth within the range that it claims', () => {
    const shown = answer.figures.filter(({ verdict }) => verdict !== 'unseen');
    const within = shown.filter(({ figure, low, high }) => low <= hidden[figure] && hidden[figure] <= high);
    expect(within.length).toBeGreaterThanOrEqual(0.9 * shown.length);
  });

  it('claims nothing of figures that no time shows', () => {
    for (const figure of ['direct.perThreadGBs', 'direct.totalGBs', 'memory.1.scalarAccessNs'])
      expect(found(figure)).toMatchObject({ verdict: 'unseen', low: found(figure)?.stated[0] });
  });

  it('predicts shapes that were not timed, with a median error under 10 %', () => {
    const fitted = withFigures(target, answer.sets[0]);
    const own = simulatedTarget(target);
    const errors = (machine: SimulatedTarget) =>
      [
        libraryKernel('gelu', [100_000]),
        libraryKernel('gelu', [8192]),
        libraryKernel('vector-add', [500, 3000]),
      ]
        .flatMap((kernel) => {
          const space = own.space(kernel);
          const places = Array.from({ length: 20 }, (_, i) => Math.floor(((i + 0.5) / 20) * space.size));
          return places.map((place) => ({ kernel, configuration: space.at(place) }));
        })
        .filter(({ configuration }) => configuration.staging !== 'direct')
        .map(
          ({ kernel, configuration }) =>
            simulateKernel(kernel, machine, configuration).timeUs /
            simulateKernel(kernel, truth, configuration).timeUs,
        )
        .map((ratio) => Math.abs(ratio - 1))
        .sort((a, b) => a - b);
    const after = errors(fitted);
    expect(after[Math.floor(after.length / 2)]).toBeLessThan(0.1);
    const before = errors(target);
    expect(after[Math.floor(after.length / 2)]).toBeLessThan(before[Math.floor(before.length / 2)]);
  });

  it('makes a target whose sets explain the log, and whose open figures have less room', () => {
    const json = calibratedFile(file, 'mine.json', target, answer, 'device.csv', []);
    const read = parseTarget(JSON.parse(JSON.stringify(json)), 'mine.json');
    expect(parameterSets(read)).toBe(answer.sets.length);
    expect(withFigures(read, answer.sets[0])).toEqual(read);
    const kernel = libraryKernel('gelu', [262144]);
    const configuration = { ...simulatedTarget(read).space(kernel).at(0), staging: 'copy', tile: 16384 };
    const measured = simulateKernel(kernel, truth, configuration).timeUs;
    for (let set = 0; set < parameterSets(read); set++)
      expect(
        simulateKernel(kernel, withParameterSet(read, set), configuration).timeUs / measured,
      ).toBeCloseTo(1, 1);
  });
});

describe('a log that the model cannot explain', () => {
  it('names the term that is most likely wrong, and the worst calls', async () => {
    // Far beyond the stated range, which ends at 40.
    const truth = withFigures(target, { forkJoinUs: 900 });
    const answer = await calibrated(logOf(truth, LOG));
    expect(answer.blame).toMatchObject({ term: 'fork-join' });
    expect(answer.figures.find(({ figure }) => figure === 'forkJoinUs')?.atBound).toBe(40);
    expect(answer.beyond).toMatchObject({ figure: 'forkJoinUs', bound: 40, term: 'fork-join' });
    const [{ configuration, measuredUs, simulatedUs }] = answer.calls;
    expect(configuration.threads).toBe(2);
    expect(measuredUs).toBeGreaterThan(2 * simulatedUs);
  });

  it('of one call says nothing for certain', async () => {
    const answer = await calibrated(logOf(target, LOG.slice(0, 1)));
    expect(answer.figures.map(({ verdict }) => verdict)).not.toContain('fixed');
  });
});

describe('timings of one call', () => {
  it('in cycles are fitted in cycles, whatever the clock is', async () => {
    const row = { place: 'lwp', kernel: 'gelu', shape: '4096', set: [], time: { cycles: 100_000 } };
    const log = { rows: [row, { ...row, shape: '8192' }], leftOut: [], notes: [] };
    const { calls, notes } = await loggedCalls(log, target, [], noImports);
    expect(calls[0]).toMatchObject({ cycles: 100_000, timeUs: 100_000 / target.clockGHz / 1000 });
    expect(notes).toEqual([expect.stringMatching(/fitted in cycles/)]);
    // Of a machine with another clock, the same cycles are another time.
    const faster = withFigures(target, { clockGHz: 2 * target.clockGHz });
    const measuredUs =
      simulateKernel(calls[0].kernel, faster, calls[0].configuration).timeUs /
      Math.exp(misfitOf(faster, calls[0]));
    expect(measuredUs).toBeCloseTo(calls[0].timeUs / 2, 9);
  });

  it('that are far apart are a contradiction, told with its rows', async () => {
    const text = 'kernel,shape,time\ngelu,4096,10\ngelu,4096,100\n';
    const { calls } = await loggedCalls(readLogs([{ name: 'a', text }], undefined), target, [], noImports);
    expect(calibrate(target, calls).contradictions).toEqual([
      { kernel: 'gelu', shape: '4096', places: ['a, line 2', 'a, line 3'], factor: expect.closeTo(10, 9) },
    ]);
  });

  it('count once, as their median, and are less certain where they scatter or have few digits', async () => {
    const rows = (...times: string[]) =>
      ['kernel,shape,time', ...times.map((time) => `gelu,4096,${time}`)].join('\n');
    const of = async (text: string) =>
      (await loggedCalls(readLogs([{ name: 'a', text }], undefined), target, ['threads=2'], noImports)).calls;
    const [steady] = await of(rows('100.0', '100.0', '100.0'));
    const [spread] = await of(rows('90.0', '100.0', '130.0'));
    const [coarse] = await of(rows('3'));
    expect(steady).toMatchObject({ timeUs: 100, samplesUs: [100, 100, 100], configuration: { threads: 2 } });
    expect(spread.timeUs).toBe(100);
    expect(spread.uncertainty).toBeGreaterThan(5 * steady.uncertainty);
    expect(coarse.uncertainty).toBeCloseTo(0.5 / 3 / Math.sqrt(3), 2);
  });

  it('are left out, with the reason, where the kernel or the configuration is not known', async () => {
    const text = 'kernel,configuration,time\ngelo,,1\ngelu,threads=9,1\ngelu,,1\n';
    const { calls, leftOut } = await loggedCalls(
      readLogs([{ name: 'a', text }], undefined),
      target,
      [],
      noImports,
    );
    expect(calls).toHaveLength(1);
    expect(leftOut.map(({ reason, first }) => [reason, first])).toEqual([
      [expect.stringMatching(/unknown kernel 'gelo'/), 'a, line 2'],
      [expect.stringMatching(/threads/), 'a, line 3'],
    ]);
  });
});

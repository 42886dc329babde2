import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { bestDocumentSchema } from '../../src/documents/best.ts';
import { importResultsDocumentSchema } from '../../src/documents/import-results.ts';
import { nightshift, temporaryFolder } from './command-line.fixture.ts';
import { inProcess } from './in-process.fixture.ts';

/** Files of other tuners at the command line: an invalid entry does not affect the others. */
const folder = temporaryFolder();
const store = join(folder.path, 'store.db');
const env = { NIGHTSHIFT_STORE: store };
beforeEach(() => {
  if (existsSync(store)) rmSync(store);
});
afterAll(folder.remove);

function written(content: unknown, name = 'file.json'): string {
  const path = join(folder.path, name);
  writeFileSync(
    path,
    typeof content === 'string' || content instanceof Uint8Array ? content : JSON.stringify(content),
  );
  return path;
}

/** Imports a file; returns its trials as `configuration: time or reason`. */
async function imported(content: unknown, ...flags: readonly string[]) {
  const words = ['import', written(content), '--format', 'json', ...flags];
  const { code, stdout, stderr } = await inProcess(words, env);
  const document = code === 0 ? importResultsDocumentSchema.parse(JSON.parse(stdout)) : undefined;
  return { code, stderr, document, trials: code === 0 ? await trials() : [] };
}

async function trials(): Promise<readonly string[]> {
  const { stdout } = await inProcess(['trials', '--format', 'json'], env);
  const listed: Record<string, unknown>[] = JSON.parse(stdout).trials;
  return listed.map(
    ({ configuration, timeUs, reason }) => `${JSON.stringify(configuration)} ${timeUs ?? reason}`,
  );
}

type Entry = Readonly<Record<string, unknown>>;
const t4 = (results: readonly unknown[]) => ({
  schema_version: '1.0.0',
  metadata: { timeunit: 'milliseconds', device: 'card' },
  results,
});
const entry = (bx: number, more: Entry = {}): Entry => ({
  configuration: { bx },
  times: { runtimes: [] },
  invalidity: 'correct',
  objectives: ['time'],
  measurements: [],
  ...more,
});
const measured = (name: string, value: unknown, unit: string): Entry => ({
  objectives: [name],
  measurements: [{ name, value, unit }],
});
const cache = (entries: readonly Entry[], more: Entry = {}) => ({
  device_name: 'card',
  kernel_name: 'stencil',
  problem_size: [64],
  tune_params_keys: ['bx'],
  tune_params: { bx: [1, 2, 4, 8] },
  objective: ['time'],
  cache: Object.fromEntries(entries.map((one) => [String(one.bx), one])),
  ...more,
});
const named = ['--name', 'k'];

describe('an objective that is not a time', () => {
  it.each([
    ['GFLOP/s', ''],
    ['score', ''],
    ['power', 'W'],
  ])('%s in "%s": the times beside it count', async (name, unit) => {
    const results = [100, 300].map((value, place) => {
      const both = [
        { name: 'time', value: 2 - place, unit: 'ms' },
        { name, value, unit },
      ];
      return entry(place + 1, { objectives: [name], measurements: both });
    });
    const { trials: found, stderr } = await imported(t4(results), ...named);
    expect(found).toEqual(['{"bx":1} 2000', '{"bx":2} 1000']);
    expect(stderr).toContain(
      `its objective '${name}' is no time: the times that stand beside it are compared`,
    );
  });

  it('is refused by name without times beside it, in T4, caches and tables', async () => {
    const only = await imported(t4([entry(1, measured('GFLOP/s', 5, ''))]), ...named);
    expect(only).toMatchObject({ code: 2, stderr: expect.stringContaining("'GFLOP/s' is no time") });
    const none = await imported(cache([{ bx: 1, 'GFLOP/s': 5 }], { objective: ['GFLOP/s'] }));
    expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining("'GFLOP/s' is no time") });
    const table = {
      objective: 'GFLOP/s',
      params: [{ name: 'bx', values: [1, 2] }],
      rows: [
        [1, 5],
        [2, 9],
      ],
    };
    const path = written(table, 'table.json');
    const replayed = await inProcess(['tune', '--target', `replay:${path}`, '--quiet'], env);
    expect(replayed).toMatchObject({ code: 2, stderr: expect.stringContaining("'GFLOP/s' is no time") });
  });
});

describe("Kernel Tuner's caches", () => {
  it('of release 1.4: a list of objectives, failures without a time', async () => {
    const failed = ['CompilationFailedConfig', 'RuntimeFailedConfig', 'InvalidConfig'];
    const entries = failed.map((__error__, place) => ({ bx: 2 ** (place + 1), __error__ }));
    const { trials: found } = await imported(cache([{ bx: 1, time: 1.5, times: [1.5, 1.4] }, ...entries]));
    expect(found).toEqual(['{"bx":1} 1500', '{"bx":2} compile', '{"bx":4} runtime', '{"bx":8} constraints']);
  });

  it('of older releases, and unknown failures', async () => {
    const entries = [
      { bx: 1, time: 'InvalidConfig' },
      { bx: 2, time: 1e20 },
      { bx: 4, __error__: 'SomethingNew' },
      { bx: 8, time: 2 },
    ];
    const { trials: found } = await imported(cache(entries, { objective: 'time' }));
    expect(found).toEqual(['{"bx":1} constraints', '{"bx":2} runtime', '{"bx":4} runtime', '{"bx":8} 2000']);
  });
});

describe('NaN and Infinity', () => {
  it('are ignored as metrics, and failures of their configuration as times', async () => {
    const text = JSON.stringify(
      cache([
        { bx: 1, time: 2.5, power: 'A' },
        { bx: 2, time: 1.5, power: 'B' },
        { bx: 4, time: 'A' },
        { bx: 8, time: 'B' },
      ]),
    )
      .replaceAll('"A"', 'NaN')
      .replaceAll('"B"', '-Infinity');
    const { trials: found, document } = await imported(text);
    expect(found).toEqual(['{"bx":1} 2500', '{"bx":2} 1500', '{"bx":4} runtime', '{"bx":8} runtime']);
    expect(document?.leftOut).toEqual([]);
  });
});

describe('invalid parts are left out, counted and named', () => {
  it('entries that violate the constraints of --space', async () => {
    const space = written(
      {
        ConfigurationSpace: {
          TuningParameters: [{ Name: 'bx', Type: 'int', Values: '[1, 2, 4]' }],
          Conditions: [{ Parameters: ['bx'], Expression: 'bx <= 2' }],
        },
      },
      'space.json',
    );
    const outside = entry(4, { invalidity: 'constraints' });
    const times = [1, 2].map((bx) => entry(bx, measured('time', bx, 'ms')));
    const { trials: found, document } = await imported(t4([...times, outside]), ...named, '--space', space);
    expect(found).toEqual(['{"bx":1} 1000', '{"bx":2} 2000']);
    expect(document?.leftOut).toMatchObject([{ what: 'results', count: 1, first: 'results[2]: bx <= 2' }]);
    const timed = await imported(t4([entry(4, measured('time', 1, 'ms'))]), ...named, '--space', space);
    expect(timed).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('results[0].configuration: bx <= 2'),
    });
  });

  it.each([
    ['zeros', [0, 0, 3], 2],
    ['negative ones', [-1, 3], 1],
    ['what no time can be', [1.7e308, 3, 1e-300], 2],
  ])('%s among samples', async (_, runtimes, count) => {
    const { trials: found, document } = await imported(t4([entry(1, { times: { runtimes } })]), ...named);
    expect(found).toEqual(['{"bx":1} 3000']);
    expect(document?.leftOut).toMatchObject([{ what: 'samples', count }]);
  });

  it('results without valid samples, with the reason', async () => {
    const results = [entry(1, { times: { runtimes: [0, 0] } }), entry(2, { times: { runtimes: [2] } })];
    const { trials: found, document } = await imported(t4(results), ...named);
    expect(found).toEqual(['{"bx":2} 2000']);
    expect(document?.leftOut[0].first).toBe('results[0]: none of its 2 runtimes is a time');
  });

  it('invalid entries of any kind', async () => {
    const odd = [null, 7, { configuration: { bx: [] } }, entry(3, { invalidity: 'odd' }), entry(4)];
    const { trials: found, document } = await imported(
      t4([entry(1, measured('time', 1, 'ms')), ...odd]),
      ...named,
    );
    expect(found).toEqual(['{"bx":1} 1000']);
    expect(document?.leftOut.reduce((sum, { count }) => sum + count, 0)).toBe(odd.length);
  });
});

describe('whole numbers that JavaScript cannot tell apart', () => {
  const big = '9007199254740993';
  it.each([
    [
      'T4',
      JSON.stringify(t4([entry(1, measured('time', 1, 'ms')), entry(77, measured('time', 2, 'ms'))])),
      named,
    ],
    ['Kernel Tuner', JSON.stringify(cache([1, 77].map((bx) => ({ bx, time: 1 })))), []],
  ])('are left out and counted as values of a parameter: %s', async (_, text, flags) => {
    const { trials: found, document } = await imported(text.replace(/"bx":77/g, `"bx":${big}`), ...flags);
    expect(found).toEqual(['{"bx":1} 1000']);
    expect(document?.leftOut).toMatchObject([
      { what: 'results', count: 1, first: expect.stringContaining('bx is a whole number from 2^53 on') },
    ]);
  });
});

describe('a truncated file', () => {
  const whole = JSON.stringify(cache([1, 2, 4, 8].map((bx) => ({ bx, time: bx }))));
  it.each([
    ['within an entry', whole.slice(0, whole.indexOf('"8"') + 12), 3],
    ['behind a comma', whole.slice(0, whole.indexOf('"8"')), 3],
    ['before its last brackets', whole.slice(0, -2), 4],
    ['gzipped', gzipSync(whole.slice(0, whole.indexOf('"8"') + 12)), 3],
  ])('%s gives its whole entries, and a note', async (_, content, count) => {
    const path = written(content, content instanceof Uint8Array ? 'file.json.gz' : 'file.json');
    const { code, stderr } = await inProcess(['import', path], env);
    expect(code).toBe(0);
    expect(await trials()).toHaveLength(count);
    expect(stderr).toMatch(/breaks off in the middle|is not closed/);
  });

  it('is refused without any entry', async () => {
    expect(await imported(whole.slice(0, 40))).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/breaks off/),
    });
  });

  it.each([
    [
      'before its first result ends',
      (text: string) => text.slice(0, 60),
      /is cut before the end of its first/,
    ],
    ['gzipped', (text: string) => gzipSync(text).subarray(0, 12), /is empty or cut: nothing can be unzipped/],
  ])('of T4 says that it is cut: %s', async (_, cut, said) => {
    const text = JSON.stringify({ schema_version: '1.0.0', results: [entry(1, measured('time', 1, 'ms'))] });
    const { code, stderr } = await imported(cut(text), '--name', 'gemm');
    expect(stderr).toMatch(said);
    expect(code).toBe(2);
  });
});

describe('a configuration that is named twice in a file', () => {
  const timed = (bx: number, ms: number): Entry => entry(bx, measured('time', ms, 'ms'));
  const twice = t4([timed(1, 1), timed(1, 1), timed(2, 2), timed(2, 3)]);
  const named = ['--name', 'gemm'] as const;

  it('is told apart from one that the study has', async () => {
    const first = await imported(twice, ...named);
    expect(first.document).toMatchObject({ trials: 2, known: 0, repeated: 1 });
    expect(first.document?.leftOut).toMatchObject([{ reason: expect.stringContaining('twice'), count: 1 }]);
    expect(first.trials).toEqual(['{"bx":1} 1000', '{"bx":2} 2000']);
    const again = await imported(twice, ...named);
    expect(again.document).toMatchObject({ trials: 0, known: 3, repeated: 0 });
  });

  it('is said in words', async () => {
    const { stdout } = await inProcess(['import', written(twice), ...named], env);
    expect(stdout).toContain('2 results imported, 1 named twice in the file; new study');
  });
});

describe('devices without a name', () => {
  const file = (time: number) => {
    const { device_name: _, ...rest } = cache([
      { bx: 1, time },
      { bx: 2, time: 2 * time },
    ]);
    return rest;
  };

  it('are not mixed: contradicting results are refused with a hint, equal ones are ignored', async () => {
    expect((await imported(file(1))).trials).toHaveLength(2);
    expect(await imported(file(1))).toMatchObject({ code: 0, document: { trials: 0, known: 2 } });
    const other = await imported(file(3));
    expect(other).toMatchObject({ code: 2, stderr: expect.stringContaining('--device "card 2"') });
    expect(await trials()).toEqual(['{"bx":1} 1000', '{"bx":2} 2000']);
    expect(await imported(file(3), '--device', 'card 2')).toMatchObject({
      code: 0,
      document: { trials: 2 },
    });
  });
});

describe('a problem size', () => {
  const t1 = (ProblemSize: unknown) => ({
    ConfigurationSpace: {
      TuningParameters: [{ Name: 'bx', Type: 'int', Values: '[64+64*i for i in range(4)]' }],
    },
    KernelSpecification: { KernelName: 'vadd_kernel', ProblemSize },
  });
  it.each([
    [100000, '100000'],
    ['100000', '100000'],
    [[2048, '1024'], '2048x1024'],
    ['n', '-'],
    [0.5, '-'],
    [{ x: 1 }, '-'],
  ])('%j is %s', async (size, shape) => {
    const { code } = await imported(t1(size));
    expect(code).toBe(0);
    const { stdout } = await inProcess(['studies', '--format', 'csv'], env);
    expect(stdout).toContain(`,vadd_kernel,${shape},`);
  });
});

describe('the default of a file', () => {
  const t1 = {
    ConfigurationSpace: {
      TuningParameters: [
        { Name: 'tile', Type: 'int', Values: '[8, 16, 32, 64]', Default: 32 },
        { Name: 'unroll', Type: 'int', Values: '[1, 2, 4]', Default: '4' },
      ],
      Conditions: [{ Parameters: ['tile', 'unroll'], Expression: 'tile % unroll == 0' }],
    },
    KernelSpecification: { KernelName: 'axpyk' },
  };
  const used = { tile: 32, unroll: 4 };
  const timeOf = (tile: number, unroll: number): number =>
    tile === 8 && unroll === 1 ? 400 : unroll === 4 && tile >= 32 ? (tile === 64 ? 100 : 110) : 300;
  const configurations = [8, 16, 32, 64].flatMap((tile) => [1, 2, 4].map((unroll) => ({ tile, unroll })));

  it('is the default of tune --space', async () => {
    const cases = 'case "$1,$2" in 8,1) echo 400;; 32,4) echo 110;; 64,4) echo 100;; *) echo 300;; esac';
    const space = written(t1, 'kernel.t1.json');
    written(`#!/bin/sh\n${cases}\n`, 'measure.sh');
    const words = `tune --space ${space} --target command --trials 12 --format json --quiet -- sh measure.sh {tile} {unroll}`;
    const { stdout } = await nightshift(words, { cwd: folder.path, env });
    const { default: preferred, gainOverDefault } = JSON.parse(stdout);
    expect(preferred.configuration).toEqual(used);
    expect(gainOverDefault.value).toBeCloseTo(1.1);
  });

  it('is the default of a replayed table and of imported results', async () => {
    const params = [
      { name: 'tile', values: [8, 16, 32, 64] },
      { name: 'unroll', values: [1, 2, 4] },
    ];
    const rows = configurations.map(({ tile, unroll }) => [tile, unroll, timeOf(tile, unroll)]);
    const table = written(
      { objective: 'time_us', kernel: 'axpyk', params, rows, default: used },
      'table.json',
    );
    const replay = ['tune', '--target', `replay:${table}`, '--trials', '12', '--format', 'json', '--quiet'];
    const { stdout } = await inProcess(replay, env);
    expect(JSON.parse(stdout).gainOverDefault.value).toBeCloseTo(1.1);
    const results = configurations.map((configuration) => ({
      ...entry(0, measured('time', timeOf(configuration.tile, configuration.unroll), 'us')),
      configuration,
    }));
    await imported(t4(results), '--name', 'axpyk', '--space', written(t1, 'space.json'));
    const best = await inProcess(['best', 'axpyk', '--target', 'card', '--format', 'json'], env);
    const { gainOverDefault, configuration } = bestDocumentSchema.parse(JSON.parse(best.stdout));
    expect(configuration).toEqual({ tile: 64, unroll: 4 });
    expect(gainOverDefault).toEqual({ value: 1.1, low: null, high: null });
  });
});

it('text concatenation gives texts, also after `or`', async () => {
  const text = [
    { name: 'a', values: ['n', 't'] },
    { name: 'b', values: ['n', 't'] },
  ];
  const sizes = {
    "m < 4 or a + b == 'nt'": 10,
    "'n' + b == 'nt' and m == 1": 2,
    "a * 2 in ['nn'] or m > 4": 10,
  };
  for (const [constraint, size] of Object.entries(sizes)) {
    const parameters = [...text, { name: 'm', values: [1, 2, 4, 8] }];
    const space = written({ name: 'tiles', parameters, constraints: [constraint] }, 'space.json');
    const words = `tune --space ${space} --target command:${size} --trials 99 --format json --quiet -- echo 1`;
    const all = [...words.split(' '), '{a}{b}{m}'];
    all.splice(all.indexOf('echo'), 2, 'sh', '-c', 'echo 1');
    const { stdout } = await inProcess(all, env);
    expect({ constraint, members: JSON.parse(stdout).trials.timed }).toEqual({ constraint, members: size });
  }
});

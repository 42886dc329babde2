import { describe, expect, it } from 'vitest';
import type { BuildSpace } from '../../search-space/define-space.ts';
import { InputError } from '../../search-space/input-error.ts';
import { parseConstraint } from '../../search-space/parse-constraint.ts';
import { constraintText } from '../../src/exporters/constraint-text.ts';
import { t1 } from '../../src/exporters/t1.ts';
import { t4 } from '../../src/exporters/t4.ts';
import { tunedTargets } from '../../src/exporters/tuned.ts';
import { importKernelTunerCache } from '../../src/importers/kernel-tuner/import-cache.ts';
import { storeResults } from '../../src/importers/store-results.ts';
import { importT1 } from '../../src/importers/t1/import-t1.ts';
import { importT4 } from '../../src/importers/t4/import-t4.ts';
import type { Store } from '../../store/store.ts';
import { jsonOf, resultsOf } from './foreign-file.fixture.ts';
import { emptyStore, TOOL_VERSION, tune } from './tuned-store.fixture.ts';

const T1 = {
  ConfigurationSpace: {
    TuningParameters: [
      { Name: 'block', Type: 'uint', Values: '[2**i for i in range(5, 9)]', Default: 64 },
      { Name: 'unroll', Type: 'bool', Values: '[0, 1]', Default: false },
    ],
    Conditions: [{ Parameters: ['block', 'unroll'], Expression: 'block >= 64 or not unroll' }],
  },
  KernelSpecification: {
    Language: 'CUDA',
    KernelName: 'gemm',
    KernelFile: 'gemm.cu',
    ProblemSize: [4096, 4096],
    GlobalSize: { X: '4096' },
    LocalSize: { X: 'block' },
    Device: { Name: 'RTX 3090' },
  },
};

const T4 = {
  schema_version: '1.0.0',
  metadata: { timeunit: 'miliseconds', device: 'RTX 3090' },
  results: [
    {
      timestamp: '2022-12-23 12:11:31',
      configuration: { block: 64, unroll: true },
      objectives: ['time'],
      times: { compilation: 12, runtimes: [1.5, 2.5] },
      invalidity: 'correct',
      correctness: 1,
      measurements: [{ name: 'time', value: 2, unit: 'ms' }],
    },
    {
      configuration: { block: 32, unroll: false },
      times: {},
      invalidity: 'compile',
      correctness: 0,
      measurements: [],
    },
  ],
};

/** All contents of a store that an import can change. */
async function contents(store: Store) {
  const studies = await store.studies();
  return Promise.all(
    studies.map(async ({ study }) => ({
      study,
      visits: (await store.visits(study.id)).length,
      trials: await store.listTrials({ studyId: study.id, limit: 1000 }),
    })),
  );
}

const exported = async (store: Store) => {
  const tuned = await tunedTargets(store, {}, async () => undefined);
  const files = await Promise.all(tuned.flatMap((each) => [t1.export(each), t4.export(each)]));
  return files.flatMap((each) => each.files);
};

describe('T1', () => {
  it('becomes a study of an opaque kernel on the device that it names', async () => {
    const tuning = await importT1(await jsonOf(T1), {}, TOOL_VERSION);
    const { record } = tuning;
    expect(await resultsOf(tuning)).toEqual([]);
    expect(record.kernel).toMatchObject({ name: 'gemm', shape: '4096x4096', ir: null });
    expect(record.target).toMatchObject({ name: 'RTX 3090', kind: 'device' });
    expect(record.study.defaultConfiguration).toEqual({ block: 64, unroll: false });
    expect(record.study.space.constraints).toHaveLength(1);
  });
  it('names the field that is wrong', async () => {
    const broken = await jsonOf({ ConfigurationSpace: { TuningParameters: [{ Type: 'int' }] } });
    await expect(importT1(broken, { name: 'k' }, TOOL_VERSION)).rejects.toThrow(
      /ConfigurationSpace\.TuningParameters\[0\]\.Name/,
    );
  });
});

describe('T4', () => {
  it('reads the units, spellings and failures of published files', async () => {
    const tuning = await importT4(await jsonOf(T4), { name: 'gemm' }, undefined, TOOL_VERSION);
    const { record } = tuning;
    expect(record.target.name).toBe('RTX 3090');
    expect(await resultsOf(tuning)).toMatchObject([
      { state: 'timed', timeUs: 2000, samplesUs: [1500, 2500] },
      { state: 'invalid', reason: 'compile' },
    ]);
    expect(record.study.space.parameters.map(({ values }) => values)).toEqual([
      [32, 64],
      [false, true],
    ]);
  });
  it('refuses a file without its kernel, and an invalid list', async () => {
    await expect(importT4(await jsonOf(T4), {}, undefined, TOOL_VERSION)).rejects.toThrow(/--name/);
    const none = await jsonOf({ ...T4, results: {} });
    await expect(importT4(none, { name: 'k' }, undefined, TOOL_VERSION)).rejects.toThrow(
      /results: is no list/,
    );
  });
});

const CACHE = {
  device_name: 'A4000',
  kernel_name: 'conv',
  problem_size: [4096, 4096],
  tune_params_keys: ['block', 'mode'],
  tune_params: { block: [64, 32], mode: ['a', 'b'] },
  objective: 'time',
  cache: {
    '64,a': { block: 64, mode: 'a', time: 1.25, times: [1.2, 1.3] },
    '32,a': { block: 32, mode: 'a', time: 'CompilationFailedConfig' },
    '32,b': { block: 32, mode: 'b', time: 1e20 },
  },
};

describe("Kernel Tuner's cache", () => {
  it('with the name of an Object property is refused like any unknown one', async () => {
    const cache = { ...CACHE, tune_params_keys: [...CACHE.tune_params_keys, '__proto__'] };
    await expect(importKernelTunerCache(await jsonOf(cache), {}, TOOL_VERSION)).rejects.toThrow(InputError);
  });

  it('becomes a study with its trials, failures by their reason', async () => {
    const tuning = await importKernelTunerCache(await jsonOf(CACHE), {}, TOOL_VERSION);
    const { record } = tuning;
    expect(record.kernel).toMatchObject({ name: 'conv', shape: '4096x4096' });
    expect(await resultsOf(tuning)).toMatchObject([
      { state: 'timed', timeUs: 1250, samplesUs: [1200, 1300] },
      { state: 'invalid', reason: 'compile' },
      { state: 'invalid', reason: 'runtime' },
    ]);
  });
  it('may lack a device and a problem size', async () => {
    const { device_name: _, problem_size: __, ...bare } = CACHE;
    const { record } = await importKernelTunerCache(await jsonOf(bare), {}, TOOL_VERSION);
    expect(record).toMatchObject({ target: { name: 'device' }, kernel: { name: 'conv', shape: '-' } });
  });
  it('is of "device" if it names none, and names a parameter that it cannot import', async () => {
    const blank = await jsonOf({ ...CACHE, device_name: ' ' });
    expect((await importKernelTunerCache(blank, {}, TOOL_VERSION)).record.target.name).toBe('device');
    const odd = await jsonOf({ ...CACHE, tune_params: { ...CACHE.tune_params, layout: [{}] } });
    await expect(importKernelTunerCache(odd, {}, TOOL_VERSION)).rejects.toThrow(
      /tune_params\.layout\.0: \{\} is no number, text, true or false/,
    );
  });
});

describe('a round trip', () => {
  const t1Of = async (data: unknown) => importT1(await jsonOf(data), {}, TOOL_VERSION);
  const given = async () => {
    const { space, record } = await t1Of(T1);
    return { space: await space(), preferred: record.study.defaultConfiguration };
  };
  const described = { name: 'gemm', shape: [4096, 4096] };
  it.each([
    [
      'T1 with T4',
      async () => [await t1Of(T1), await importT4(await jsonOf(T4), described, await given(), TOOL_VERSION)],
      2,
    ],
    ['T4', async () => [await importT4(await jsonOf(T4), described, undefined, TOOL_VERSION)], 2],
    ['Kernel Tuner', async () => [await importKernelTunerCache(await jsonOf(CACHE), {}, TOOL_VERSION)], 3],
  ])('import, export, import changes nothing: %s', async (_, read, trials) => {
    const store = await emptyStore();
    const ids = new Set<string>();
    for (const each of await read()) ids.add((await storeResults(each, store, TOOL_VERSION)).studyId);
    const before = await contents(store);
    expect(before.map((study) => study.trials.length)).toEqual([trials]);
    const files = await exported(store);
    expect(files.map(({ name }) => name.slice(-7))).toEqual(['t1.json', 't4.json']);
    for (const { name, text } of files) {
      const again = name.endsWith('t1.json')
        ? await t1Of(text)
        : await importT4(await jsonOf(text), {}, undefined, TOOL_VERSION);
      const imported = await storeResults(again, store, TOOL_VERSION);
      expect(imported).toMatchObject({ isNew: false, trials: 0 });
      ids.add(imported.studyId);
    }
    expect(ids.size).toBe(1);
    expect(await contents(store)).toEqual(before);
    expect(await exported(store)).toEqual(files);
    await store.close();
  });

  it('has every space of a file built as it is told to, with its limits', async () => {
    const here = await emptyStore();
    await tune(here, { kernel: 'gelu', shape: '65536', trials: 5 });
    const build: BuildSpace = async () => {
      throw new InputError('constraints', 'too hard to count');
    };
    const own = await exported(here);
    const [ownT1, ownT4] = ['t1', 't4'].map((kind) => own.find(({ name }) => name.endsWith(`${kind}.json`)));
    const refused = async (tuning: Promise<unknown>) => expect(tuning).rejects.toThrow('too hard to count');
    await refused(importT1(await jsonOf(T1), {}, TOOL_VERSION, build));
    await refused(importT1(await jsonOf(ownT1?.text), {}, TOOL_VERSION, build));
    await refused(importT4(await jsonOf(ownT4?.text), {}, undefined, TOOL_VERSION, build));
    await here.close();
  });

  it('moves a simulated study to another store unchanged', async () => {
    const here = await emptyStore();
    const { id } = await tune(here, { kernel: 'gelu', shape: '65536', trials: 25 });
    const there = await emptyStore();
    for (const { name, text } of await exported(here)) {
      const read = name.endsWith('t1.json')
        ? await t1Of(text)
        : await importT4(await jsonOf(text), {}, undefined, '1');
      await storeResults(read, there, TOOL_VERSION);
    }
    expect((await there.study(id))?.space).toEqual((await here.study(id))?.space);
    expect(await there.counts(id)).toEqual(await here.counts(id));
    expect((await there.summary(id))?.best?.target.kind).toBe('simulator');
    await here.close();
    await there.close();
  });
});

describe('disturbed trials', () => {
  it('are left out of T4 and counted, because they are not failures of their configurations', async () => {
    const here = await emptyStore();
    const tuning = await importKernelTunerCache(await jsonOf(CACHE), {}, TOOL_VERSION);
    const { studyId } = await storeResults(tuning, here, TOOL_VERSION);
    const visits = await here.visits(studyId);
    const proposal = { subset: 'vec+mt+db', origin: 'random' };
    const disturbed = { state: 'invalid', reason: 'disturbed', message: 'no clean sample' } as const;
    const never = { configuration: { block: 64, mode: 'b' }, ...proposal, ...disturbed };
    const later = { configuration: { block: 64, mode: 'a' }, ...proposal, ...disturbed };
    await here.settle({ studyId, visitId: visits[0].id, activeMs: 0, results: [never, later] });
    const [tuned] = await tunedTargets(here, {}, async () => undefined);
    const { files, notes } = await t4.export(tuned);
    expect(notes).toEqual([expect.stringMatching(/left out 2 of its trials/)]);
    const results: { configuration: unknown }[] = JSON.parse(files[0].text).results;
    expect(results).toHaveLength(3);
    expect(results.map(({ configuration }) => configuration)).not.toContainEqual(never.configuration);
    const there = await emptyStore();
    const again = await importT4(await jsonOf(files[0].text), {}, undefined, TOOL_VERSION);
    expect(await storeResults(again, there, TOOL_VERSION)).toMatchObject({ studyId, trials: 3, leftOut: [] });
    expect((await there.counts(studyId)).invalid).toMatchObject({ runtime: 1, compile: 1, disturbed: 0 });
    await here.close();
    await there.close();
  });
});

describe('constraints as text', () => {
  it.each([
    'a % (b * 2) == 0 and (c or not a)',
    '32 <= a * b <= 1024',
    'a in [1, 2, 4] or min(a, b) > -3',
    '-a ** 2 + (b - (c - 1)) // 2 != 7 / 2',
    "not (a == 'x') and b not in ['y', 'z']",
    '(a ** b) ** c < a ** b ** c',
    '(a < b) == (b < c)',
  ])('are read back as the same tree: %s', (text) => {
    const names = ['a', 'b', 'c'];
    const { expression } = parseConstraint(text, text, names, 'test');
    const written = constraintText(expression);
    expect(parseConstraint(written, written, names, 'test').expression).toEqual(expression);
  });
});

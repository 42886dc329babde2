import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { exporters } from '../../src/exporters/registry.ts';
import { openStore } from '../../store/open-store.ts';
import { currentWriter } from '../../store/writer-lock.ts';
import { endOf, ROOT, runCommand, STORE, startCommand } from './command.ts';
import { folderContents, storeContents } from './store-contents.ts';

/** A command that writes, to be killed and repeated. */
export type Scenario = Readonly<{
  name: string;
  words: readonly string[];
  /** Fills the folder in which the command runs. */
  prepare(folder: string): Promise<void>;
  /** The error of a repetition if the killed command had succeeded. */
  already?: RegExp;
  /** The folder's contents that must not depend on kills. */
  contents(folder: string): Promise<string>;
  /** Starts a process that runs beside the command. */
  beside?(folder: string): Promise<Readonly<{ settle(): Promise<void> }>>;
}>;

const KERNELS = join(ROOT, 'examples/kernels');
const words = (line: string): readonly string[] => line.split(' ');
const run = (line: string, folder: string): Promise<unknown> => runCommand(words(line), folder);
const ofStore = (folder: string): Promise<string> => storeContents(join(folder, STORE));
const nothing = async (): Promise<void> => undefined;

const tune = (line: string): Scenario => ({
  name: `tune ${line}`,
  words: words(`tune ${line} --quiet`),
  prepare: nothing,
  contents: ofStore,
});

const scaling: Scenario = {
  name: 'scaling',
  words: words('scaling relu --sizes 2^12..2^14 --strategy random --trials 64 --quiet'),
  prepare: nothing,
  contents: ofStore,
};

const importKernel: Scenario = {
  name: 'import of a kernel',
  words: words(`import ${join(KERNELS, 'softmax.ttir')} --name mine --quiet`),
  prepare: nothing,
  contents: ofStore,
};

const importCache: Scenario = {
  name: 'import --cache',
  words: words('import --cache cache --quiet'),
  prepare: async (folder) => {
    for (const file of ['gelu', 'softmax', 'layer-norm', 'full-sum', 'transposed-bias-add']) {
      const place = join(folder, 'cache', 'triton', '0', file);
      mkdirSync(place, { recursive: true });
      copyFileSync(join(KERNELS, `${file}.ttir`), join(place, `${file}.ttir`));
    }
  },
  contents: ofStore,
};

const RESULTS = 30_000;

const importResults: Scenario = {
  name: 'import of results',
  words: words('import results.json --name gemm --quiet'),
  prepare: async (folder) => {
    const results = Array.from({ length: RESULTS }, (_, place) => ({
      configuration: { tile: place, threads: place % 4 },
      objectives: ['time'],
      times: { runtimes: [1 + (place % 97)] },
      invalidity: place % 11 === 0 ? 'runtime' : 'correct',
      measurements: place % 11 === 0 ? [] : [{ name: 'time', value: 1 + (place % 97), unit: 'ms' }],
    }));
    writeFileSync(join(folder, 'results.json'), JSON.stringify({ schema_version: '1.0.0', results }));
  },
  contents: ofStore,
};

/** Makes two stores with a shared study and one of their own each. */
async function twoStores(folder: string): Promise<void> {
  await run('tune gelu --shape 16384 --strategy random --trials 200 --quiet', folder);
  await run(
    'tune gelu --shape 16384 --strategy random --seed 2 --trials 64 --quiet --store other.db',
    folder,
  );
  await run('tune relu --target edge-2mib --strategy random --trials 500 --quiet --store other.db', folder);
}

const merge: Scenario = {
  name: 'store merge',
  words: words('store merge other.db'),
  prepare: twoStores,
  contents: ofStore,
};

/** Deletes the results of a target of the other store, whose fingerprint depends on the target's file. */
async function collecting(folder: string): Promise<Scenario> {
  await twoStores(folder);
  await run('store merge other.db', folder);
  const store = await openStore(join(folder, STORE), { mode: 'read', clock: Date });
  const [{ fingerprint }] = await store.targets({ name: 'edge-2mib' });
  await store.close();
  return {
    name: 'store gc',
    words: ['store', 'gc', '--fingerprint', fingerprint],
    prepare: async (place) => copyFileSync(join(folder, STORE), join(place, STORE)),
    contents: ofStore,
  };
}

async function fourStudies(folder: string): Promise<void> {
  for (const kernel of ['gelu', 'relu'])
    for (const size of [16384, 65536])
      await run(`tune ${kernel} --shape ${size} --strategy random --trials 24 --quiet`, folder);
}

const train: Scenario = {
  name: 'model --train',
  words: words('model --train --quiet'),
  prepare: fourStudies,
  contents: ofStore,
};

const exporting: Scenario = {
  name: 'export',
  words: words(`export --format ${exporters.map(({ name }) => name).join()} -o tuned --quiet`),
  prepare: fourStudies,
  contents: async (folder) => folderContents(join(folder, 'tuned')),
};

const PLAN = {
  strategy: 'random',
  studies: [{ kernel: 'gelu', shapes: ['16384', '65536'] }],
  budget: { trials: 128 },
};

const submit: Scenario = {
  name: 'submit',
  words: words('submit plan.json --quiet'),
  already: /this plan is at work already/,
  prepare: async (folder) => writeFileSync(join(folder, 'plan.json'), JSON.stringify(PLAN)),
  contents: ofStore,
  async beside(folder) {
    const daemon = startCommand(words('daemon --listen 127.0.0.1:0 --quiet'), folder);
    const end = endOf(daemon);
    const store = join(folder, STORE);
    while (currentWriter(store)?.listen === undefined && daemon.exitCode === null) await delay(20);
    return {
      async settle() {
        while (daemon.exitCode === null && !(await hasEnded(store))) await delay(50);
        daemon.kill('SIGTERM');
        await end;
      },
    };
  },
};

async function hasEnded(path: string): Promise<boolean> {
  const store = await openStore(path, { mode: 'read', clock: Date });
  const [plans, active] = [await store.plans(), await store.plans({ active: true })];
  await store.close();
  return plans.length > 0 && active.length === 0;
}

/** All scenarios. `folder` is for the store in which `store gc` looks up a fingerprint. */
export async function allScenarios(folder: string): Promise<readonly Scenario[]> {
  return [
    tune('gelu --shape 65536 --strategy random --trials 3000'),
    tune('softmax --shape 64x1024 --trials 160'),
    scaling,
    importKernel,
    importCache,
    importResults,
    merge,
    await collecting(folder),
    train,
    exporting,
    submit,
  ];
}

/** The scenarios that take little time. `tests/long/import-killed.test.ts` kills imports of results. */
export const quickScenarios: readonly Scenario[] = Object.freeze([
  tune('gelu --shape 65536 --strategy random --trials 300'),
  scaling,
  importCache,
  merge,
]);

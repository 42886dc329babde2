import type { ChildProcess } from 'node:child_process';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { ended, nightshift, start, temporaryFolder } from './command-line.fixture.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

/** More results than one batch. */
const RESULTS = 25_000;
const results = Array.from({ length: RESULTS }, (_, place) => ({ place, time: 1 + (place % 97) / 7 }));

const CACHE = {
  kernel_name: 'stencil',
  device_name: 'card',
  tune_params_keys: ['place'],
  tune_params: { place: results.map(({ place }) => place) },
  objective: ['time'],
  cache: Object.fromEntries(
    results.map(({ place, time }) => [
      place,
      place % 11 === 0 ? { place, __error__: 'RuntimeFailedConfig' } : { place, time },
    ]),
  ),
};
const T4 = {
  schema_version: '1.0.0',
  metadata: { timeunit: 'milliseconds' },
  results: results.map(({ place, time }) => ({
    configuration: { place },
    invalidity: place % 11 === 0 ? 'runtime' : 'correct',
    times: { runtimes: [] },
    measurements: [{ name: 'time', value: time, unit: 'ms' }],
  })),
};

/** The store's contents after the import, without times of day. */
async function contents(store: string): Promise<string> {
  const options = { cwd: folder.path };
  const studies = await nightshift(`studies --format csv --store ${store}`, options);
  const trials = await nightshift(`trials --format csv --store ${store}`, options);
  expect({ studies: studies.code, trials: trials.code }).toEqual({ studies: 0, trials: 0 });
  return studies.stdout + trials.stdout;
}

/** Kills the import when the store's log has this length, unless it has ended before. */
async function killAt(bytes: number, store: string, child: ChildProcess): Promise<void> {
  const end = ended(child);
  let isOver = false;
  void end.then(() => {
    isOver = true;
  });
  while (!isOver && logOf(store) < bytes) await delay(1);
  child.kill('SIGKILL');
  await end;
}

function logOf(store: string): number {
  return statSync(join(folder.path, `${store}-wal`), { throwIfNoEntry: false })?.size ?? 0;
}

it.each([
  ['a Kernel Tuner cache', 'cache.json', CACHE],
  ['a T4 file without a device', 'results.json', T4],
])(
  'a killed import of %s is finished by repeating it',
  async (_, file, content) => {
    writeFileSync(join(folder.path, file), JSON.stringify(content));
    const words = (store: string) => `import ${file} --name stencil --quiet --store ${store}`;
    expect(await nightshift(words(`${file}.db`), { cwd: folder.path })).toMatchObject({ code: 0 });
    const undisturbed = await contents(`${file}.db`);
    expect(undisturbed).toContain(`,${RESULTS},`);
    const store = `${file}-killed.db`;
    for (const bytes of [1, 100_000, 2_000_000])
      await killAt(bytes, store, start(words(store).split(' '), { cwd: folder.path }));
    expect(await nightshift(words(store), { cwd: folder.path })).toMatchObject({ code: 0 });
    expect(await contents(store)).toBe(undisturbed);
  },
  300_000,
);

import type { ChildProcess } from 'node:child_process';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { openStore } from '../../store/open-store.ts';
import { ended, nightshift, start, temporaryFolder } from './command-line.fixture.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

/** More results than are stored in one transaction, in a file that a thread reads. */
const RESULTS = 110_000;
const PLACES = Array.from({ length: 1000 }, (_, place) => place);
const TILES = Array.from({ length: RESULTS / PLACES.length }, (_, tile) => tile);
const results = TILES.flatMap((tile) =>
  PLACES.map((place) => ({ configuration: { place, tile }, time: 1 + (place % 97) / 7 })),
);
const fails = (place: number): boolean => place % 11 === 0;

const CACHE = {
  kernel_name: 'stencil',
  device_name: 'card',
  tune_params_keys: ['place', 'tile'],
  tune_params: { place: PLACES, tile: TILES },
  objective: ['time'],
  cache: Object.fromEntries(
    results.map(({ configuration: { place, tile }, time }) => [
      `${place},${tile}`,
      fails(place) ? { place, tile, __error__: 'RuntimeFailedConfig' } : { place, tile, time },
    ]),
  ),
};
const T4 = {
  schema_version: '1.0.0',
  metadata: { timeunit: 'milliseconds' },
  results: results.map(({ configuration, time }) => ({
    configuration,
    invalidity: fails(configuration.place) ? 'runtime' : 'correct',
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

/** Kills the import when it has come so far, unless it has ended before. */
async function killWhen(isReached: () => boolean | Promise<boolean>, child: ChildProcess): Promise<void> {
  const end = ended(child);
  let isOver = false;
  void end.then(() => {
    isOver = true;
  });
  while (!isOver && !(await isReached())) await delay(1);
  child.kill('SIGKILL');
  await end;
}

/** The results that are on the disk. */
async function stored(store: string): Promise<number> {
  const opened = await openStore(join(folder.path, store), { mode: 'read', clock: Date });
  const [study] = await opened.studies();
  await opened.close();
  return study?.settled ?? 0;
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
    const begun = () => start(words(store).split(' '), { cwd: folder.path });
    for (const bytes of [1, 100_000, 2_000_000]) await killWhen(() => logOf(store) >= bytes, begun());
    await killWhen(async () => (await stored(store)) > 0, begun());
    expect(await stored(store)).toBeGreaterThan(0);
    expect(await nightshift(words(store), { cwd: folder.path })).toMatchObject({ code: 0 });
    expect(await contents(store)).toBe(undisturbed);
  },
  300_000,
);

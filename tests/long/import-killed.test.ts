import type { ChildProcess } from 'node:child_process';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { storeContents } from '../../scripts/bench-kills/store-contents.ts';
import { openStore } from '../../store/open-store.ts';
import { ended, nightshift, start, temporaryFolder } from '../cli/command-line.fixture.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

const PLACES = Array.from({ length: 1000 }, (_, place) => place);
const fails = (place: number): boolean => place % 11 === 0;

type Made = Readonly<{ place: number; tile: number; time: number }>;

function made(count: number): readonly Made[] {
  const tiles = Array.from({ length: count / PLACES.length }, (_, tile) => tile);
  return tiles.flatMap((tile) => PLACES.map((place) => ({ place, tile, time: 1 + (place % 97) / 7 })));
}

const cacheOf = (results: readonly Made[]) => ({
  kernel_name: 'stencil',
  device_name: 'card',
  tune_params_keys: ['place', 'tile'],
  tune_params: { place: PLACES, tile: [...new Set(results.map(({ tile }) => tile))] },
  objective: ['time'],
  cache: Object.fromEntries(
    results.map(({ place, tile, time }) => [
      `${place},${tile}`,
      fails(place) ? { place, tile, __error__: 'RuntimeFailedConfig' } : { place, tile, time },
    ]),
  ),
});
const t4Of = (results: readonly Made[]) => ({
  schema_version: '1.0.0',
  metadata: { timeunit: 'milliseconds' },
  results: results.map(({ place, tile, time }) => ({
    configuration: { place, tile },
    invalidity: fails(place) ? 'runtime' : 'correct',
    times: { runtimes: [] },
    measurements: [{ name: 'time', value: time, unit: 'ms' }],
  })),
});

/** Kills the import when it has come so far, unless it has ended before. */
async function killWhen(isReached: () => boolean | Promise<boolean>, child: ChildProcess): Promise<void> {
  const end = ended(child);
  let isOver = false;
  void end.then(() => {
    isOver = true;
  });
  while (!isOver && !(await isReached())) await delay(10);
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

/** A transaction has 100,000 results, so only an import of more is killed between two of them. */
it.each([
  ['a Kernel Tuner cache', 'cache.json', cacheOf, 101_000, []],
  ['a T4 file without a device', 'results.json', t4Of, 10_000, [1, 100_000, 1_000_000]],
])(
  'a killed import of %s is finished by repeating it',
  async (_, file, contentOf, count, logs) => {
    const content = contentOf(made(count));
    const contents = (store: string) => storeContents(join(folder.path, store));
    writeFileSync(join(folder.path, file), JSON.stringify(content));
    const words = (store: string) => `import ${file} --name stencil --quiet --store ${store}`;
    expect(await nightshift(words(`${file}.db`), { cwd: folder.path })).toMatchObject({ code: 0 });
    const undisturbed = await contents(`${file}.db`);
    expect(await stored(`${file}.db`)).toBe(count);
    const store = `${file}-killed.db`;
    const begun = () => start(words(store).split(' '), { cwd: folder.path });
    for (const bytes of logs) await killWhen(() => logOf(store) >= bytes, begun());
    if (count > 100_000) {
      await killWhen(async () => logOf(store) > 1_000_000 && (await stored(store)) > 0, begun());
      expect(await stored(store)).toBeGreaterThan(0);
    }
    expect(await nightshift(words(store), { cwd: folder.path })).toMatchObject({ code: 0 });
    expect(await contents(store)).toBe(undisturbed);
  },
  300_000,
);

import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InputError } from '../../../search-space/input-error.ts';
import { backendConformance } from '../../../tuner/backend.conformance.ts';
import { replayBackend } from './backend.ts';
import { loadIfReplayTable, loadReplayTable } from './table.ts';

const plain = {
  name: 'tiny',
  kernel: 'axpy',
  device: 'test',
  source: 'this test',
  objective: 'time_ms',
  params: [
    { name: 'tile', values: [1, 2, 4] },
    { name: 'mode', values: ['a', 'b'] },
  ],
  constraints: [],
  rows: [
    [1, 'a', 2],
    [2, 'a', 1],
    [4, 'a', null],
    [1, 'b', 4],
  ],
  std: [0.1, 0.1, null, 0.2],
};

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'replay-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function written(name: string, content: string | Buffer): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}
const tableOf = async (file: object) => loadReplayTable(await written('table.json', JSON.stringify(file)));

backendConformance({
  name: 'replay',
  open: async () => replayBackend(await tableOf(plain), { seed: 1, noise: false }),
  good: [
    { tile: 1, mode: 'a' },
    { tile: 2, mode: 'a' },
  ],
  bad: { tile: 4, mode: 'a' },
});

describe('a replayed table', () => {
  it('has its rows as members if the file gives no constraints, in microseconds', async () => {
    const { space, timesUs, optimumUs } = await tableOf(plain);
    expect(space.size).toBe(4);
    expect(timesUs[space.indexOf({ tile: 1, mode: 'a' })]).toBe(2000);
    expect(timesUs[space.indexOf({ tile: 4, mode: 'a' })]).toBeNaN();
    expect(optimumUs).toBe(1000);
  });

  it('has the members that its constraints allow; a member without a row failed', async () => {
    const { space, timesUs } = await tableOf({ ...plain, constraints: ["tile < 4 or mode == 'a'"] });
    expect(space.size).toBe(5);
    expect(timesUs[space.indexOf({ tile: 2, mode: 'b' })]).toBeNaN();
  });

  it('may be gzipped', async () => {
    const path = await written('zipped', gzipSync(JSON.stringify(plain)));
    expect((await loadReplayTable(path)).space.size).toBe(4);
  });

  it('is not an index file beside the tables', async () => {
    expect(await loadIfReplayTable(await written('index.json', '[]'))).toBeUndefined();
  });

  it.each([
    ['invalid JSON', '{', /is not JSON/],
    ['no parameters', JSON.stringify({ ...plain, params: [] }), /params/],
    ['a short row', JSON.stringify({ ...plain, rows: [[1, 'a']] }), /rows\[0\]: has 2 entries/],
    [
      'a negative time',
      JSON.stringify({ ...plain, rows: [[1, 'a', -1]] }),
      /a time is a positive number or null/,
    ],
    ['an unknown value', JSON.stringify({ ...plain, rows: [[3, 'a', 1]] }), /3 is not among/],
    ['an invalid constraint', JSON.stringify({ ...plain, constraints: ['tile <'] }), /constraint/],
    ['a table without times', JSON.stringify({ ...plain, rows: [[1, 'a', null]] }), /has no times/],
  ])('refuses %s and names the file', async (_, content, message) => {
    const path = await written('bad.json', content);
    const error = await loadReplayTable(path).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(InputError);
    expect(String(error)).toMatch(message);
    expect(String(error)).toContain(path);
  });

  it('varies by the file’s deviation with noise, equally for equal seeds', async () => {
    const sample = async (seed: number) => {
      const backend = replayBackend(await tableOf(plain), { seed, noise: true });
      const session = await backend.session([], new AbortController().signal);
      const variant = { configuration: { tile: 1, mode: 'a' }, handle: undefined };
      return [await session.sample(variant, 0), await session.sample(variant, 0)];
    };
    const [first, second] = await sample(1);
    expect(first).not.toEqual(second);
    expect(await sample(1)).toEqual([first, second]);
    expect(await sample(2)).not.toEqual([first, second]);
  });

  const shared = fileURLToPath(new URL('../../../../shared/spaces/kt18_conv17.json.gz', import.meta.url));
  it.skipIf(!existsSync(shared))(
    'reads published tables (skipped where ../shared/spaces is absent)',
    async () => {
      const { space, timesUs } = await loadReplayTable(shared);
      expect(space.size).toBe(1544);
      expect(timesUs.filter((time) => Number.isFinite(time))).toHaveLength(1496);
    },
  );
});

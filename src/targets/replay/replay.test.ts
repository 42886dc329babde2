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

  it('reads times in its unit, by default milliseconds', async () => {
    for (const [objective, us] of [
      ['time', 1000],
      ['time_us', 1],
      ['Mean time (ns)', 0.001],
    ] as const)
      expect((await tableOf({ ...plain, objective })).optimumUs).toBeCloseTo(us);
  });

  it('leaves out invalid rows and counts them; infinite times are failures', async () => {
    const odd = [[4, 'b', 0], [9, 'a', 1], ['no list'], null];
    const failed = [[2, 'b', 'CompilationFailedConfig']];
    const path = await written(
      'odd.json',
      JSON.stringify({ ...plain, rows: [...plain.rows, ...odd, ...failed] }),
    );
    const { space, timesUs, notes } = await loadReplayTable(path);
    expect(space.size).toBe(5);
    expect(timesUs[space.indexOf({ tile: 2, mode: 'b' })]).toBeNaN();
    expect(notes).toEqual([`${path}: left out 4 invalid rows of 9 (first rows[4]: 0 is no time)`]);
    const tokens = JSON.stringify(plain).replace('"a",2]', '"a",NaN]').replace('"b",4]', '"b",Infinity]');
    const read = await loadReplayTable(await written('tokens.json', tokens));
    expect([...read.timesUs].filter((us) => !Number.isNaN(us))).toEqual([1000]);
    expect(read.notes).toEqual([]);
  });

  it('has the default that the file gives', async () => {
    const used = { tile: 1, mode: 'b' };
    expect((await tableOf({ ...plain, default: used })).default).toEqual(used);
    const other = await tableOf({ ...plain, default: { tile: 4, mode: 'b' } });
    expect(other.default).toEqual(other.space.at(0));
    expect(other.notes).toEqual([expect.stringMatching(/its default is not of its space/)]);
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
    ['negative times', JSON.stringify({ ...plain, rows: [[1, 'a', -1]] }), /rows\[0\]: -1 is no time/],
    [
      'unknown values',
      JSON.stringify({ ...plain, rows: [[3, 'a', 1]] }),
      /3 is not among the values of tile/,
    ],
    [
      'an objective that is not a time',
      JSON.stringify({ ...plain, objective: 'GFLOP/s' }),
      /'GFLOP\/s' is no time/,
    ],
    ['a score', JSON.stringify({ ...plain, objective: 'score' }), /its objective 'score' is no time/],
    ['an invalid constraint', JSON.stringify({ ...plain, constraints: ['tile <'] }), /constraint/],
    ['a table without times', JSON.stringify({ ...plain, rows: [[1, 'a', null]] }), /has no times/],
  ])('refuses %s and names the file', async (_, content, message) => {
    const path = await written('bad.json', content);
    const error = await loadReplayTable(path).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(InputError);
    expect(String(error)).toMatch(message);
    expect(String(error)).toContain(path);
  });

  it('says what building and all runs of a row took, where the file does', async () => {
    const { space, trialMs } = await tableOf({ ...plain, repeats: 10, compile_ms: [100, 200, 300, null] });
    const took = (tile: number, mode: string) => trialMs?.[space.indexOf({ tile, mode })];
    expect([took(1, 'a'), took(4, 'a'), took(1, 'b')]).toEqual([120, 300, 40]);
    expect((await tableOf(plain)).trialMs).toBeUndefined();
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

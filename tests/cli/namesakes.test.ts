import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from './command-line.fixture.ts';
import { inProcess } from './in-process.fixture.ts';

/** Two kernels of one name, shape and dtype: the library's gelu, and an imported addition of that name. */

const ADD = fileURLToPath(new URL('../ttir/texts/hand_add.ttir', import.meta.url));
const folder = temporaryFolder();
const path = (name: string): string => join(folder.path, name);
const env = { NIGHTSHIFT_STORE: path('store.db') };
const nightshift = (line: string) => inProcess(line.split(' '), env);
afterAll(folder.remove);

beforeAll(async () => {
  copyFileSync(ADD, path('gelu.ttir'));
  const rest = '--shape 1048576 --strategy random --trials 12 --quiet';
  for (const kernel of ['gelu', path('gelu.ttir')]) await nightshift(`tune ${kernel} ${rest}`);
  copyFileSync(path('store.db'), path('copy.db'));
});

const OTHER = /gelu \(imported [0-9a-f]{4}\)/;

describe('a device that is called like a simulated target, and its kernel like the library’s', () => {
  const own = { NIGHTSHIFT_STORE: path('device.db') };
  const run = (line: string) => inProcess(line.split(' '), own);
  beforeAll(async () => {
    const values = { tune_params_keys: ['bx'], tune_params: { bx: [32, 64] } };
    const cache = { 32: { bx: 32, time: 2.5 }, 64: { bx: 64, time: 1.5 } };
    const named = { device_name: 'hexagon-v75', kernel_name: 'gelu', problem_size: [1048576] };
    writeFileSync(path('cache.json'), JSON.stringify({ ...named, ...values, cache }));
    await run('tune gelu --strategy random --trials 12 --quiet');
    await run(`import ${path('cache.json')} --quiet`);
  });

  it('has its kind in its title', async () => {
    expect((await run('studies')).stdout).toMatch(/gelu \(opaque \w{4}\) .* hexagon-v75 \(device \w{4}\)/);
  });
  it('does not make the library’s kernel ambiguous', async () => {
    const { code, stdout } = await run('best gelu');
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringMatching(/simulated/) });
  });
  it('is compared beside it', async () => {
    copyFileSync(path('device.db'), path('device-copy.db'));
    const { stdout } = await run(`compare ${path('device.db')} ${path('device-copy.db')} --format json`);
    expect(JSON.parse(stdout).rows).toHaveLength(2);
  });
});

describe('two kernels of the same name', () => {
  it('have different titles in every list, by which each is found', async () => {
    const { studies } = JSON.parse((await nightshift('studies --format json')).stdout);
    const [other, library] = studies;
    expect(library).toMatchObject({ kernel: 'gelu', shape: '1048576', dtype: 'f32' });
    expect(other).toMatchObject({ shape: '1048576', dtype: 'f32' });
    expect(other.kernel).toMatch(OTHER);
    expect(other.kernelHash).not.toBe(library.kernelHash);
    const found = await inProcess(['studies', '--kernel', other.kernel, '--format', 'json'], env);
    expect(JSON.parse(found.stdout).studies).toEqual([other]);
    expect((await nightshift('studies')).stdout).toMatch(OTHER);
    expect((await nightshift(`ladder --study ${other.id}`)).stdout).toMatch(OTHER);
  });

  it('are each compared with themselves in a copy of the store', async () => {
    const { code, stdout, stderr } = await nightshift(
      `compare ${path('store.db')} ${path('copy.db')} --format json`,
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { rows, onlyBefore, onlyAfter } = JSON.parse(stdout);
    expect([rows.length, onlyBefore, onlyAfter]).toEqual([2, [], []]);
    for (const { change } of rows) expect(change.why).toBe('both sides are the same result');
    expect(new Set(rows.map((row: { kernelHash: string }) => row.kernelHash)).size).toBe(2);
    expect((await nightshift(`compare ${path('store.db')} ${path('copy.db')}`)).stdout).toMatch(OTHER);
  });

  it('are told apart by tune and ladder, and only the library’s has published gains beside it', async () => {
    const own = { NIGHTSHIFT_STORE: path('published.db') };
    const run = async (line: string) =>
      JSON.parse((await inProcess([...line.split(' '), '--format', 'json'], own)).stdout);
    const tuned = (kernel: string) =>
      run(`tune ${kernel} --shape 1048576 --target hexagon-mlir --trials 12 --quiet`);
    const [library, other] = [await tuned('gelu'), await tuned(path('gelu.ttir'))];
    expect(library.published).toHaveLength(3);
    expect(library.study.kernel).toBe('gelu');
    expect(other.published).toEqual([]);
    expect(other.study.kernel).toMatch(OTHER);
    expect(await run(`ladder --study ${other.study.id}`)).toEqual(other);
  });

  it('have their own bests', async () => {
    const best = async (kernel: string) =>
      JSON.parse((await nightshift(`best ${kernel} --shape 1048576 --format json`)).stdout).study;
    const [own, library] = [await best(path('gelu.ttir')), await best('gelu')];
    expect(own).toBeDefined();
    expect(own).not.toBe(library);
  });

  it('are both in an export and a report', async () => {
    const { code, stderr } = await nightshift(`export --format json,c-header,t4 -o ${path('tuned')}`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { kernels } = JSON.parse(readFileSync(path('tuned/hexagon-v75.json'), 'utf8'));
    const names = kernels.map(({ kernel }: { kernel: string }) => kernel);
    expect(names).toEqual(['gelu', expect.stringMatching(OTHER)]);
    expect(
      readdirSync(path('tuned')).filter((name) => /^gelu-1048576-f32-hexagon-v75-\w+\.t4\.json$/.test(name)),
    ).toHaveLength(1);
    await nightshift(`report --md ${path('report.md')}`);
    const report = readFileSync(path('report.md'), 'utf8');
    expect(report).toMatch(OTHER);
    expect(report).toContain(`nightshift tune ${path('gelu.ttir')} --shape`);
  });
});

describe('an imported kernel with the name of a library kernel that the store does not have', () => {
  const fresh = { NIGHTSHIFT_STORE: path('fresh.db') };
  const alone = async (line: string) => (await inProcess(line.split(' '), fresh)).stdout;
  const [tune, best] = ['--strategy random --trials 12 --quiet', '--shape 1048576 --target hexagon-v75'];
  const defined = async (to: string) => {
    await alone(`export --format env -o ${path(to)}`);
    const text = readFileSync(path(`${to}/hexagon-v75.env`), 'utf8');
    return [...text.matchAll(/^(NIGHTSHIFT_\w+)=/gm)].map(([, name]) => name);
  };

  it('has its title from the beginning, in lists, answers and exports, and keeps it', async () => {
    await alone(`tune ${path('gelu.ttir')} ${tune}`);
    const title = JSON.parse(await alone('studies --format json')).studies[0].kernel;
    expect(title).toMatch(OTHER);
    expect(await alone('ladder gelu')).toContain(title);
    expect(JSON.parse(await alone(`best ${path('gelu.ttir')} ${best} --format json`)).kernel).toBe(title);
    const library = JSON.parse(await alone(`best gelu ${best} --format json`));
    expect(library).toMatchObject({ kernel: 'gelu', provenance: { how: 'simulated now' } });
    expect(library.notes.join()).toContain(`only for another of its name: ${title}`);
    const before = await defined('before');
    expect(before.some((name) => /IMPORTED/i.test(name))).toBe(true);
    expect(before.filter((name) => name.startsWith('NIGHTSHIFT_GELU_F32_'))).toEqual([]);

    await alone(`tune gelu ${best} ${tune}`);
    const both = JSON.parse(await alone('studies --format json')).studies;
    expect(both.map(({ kernel }: { kernel: string }) => kernel)).toEqual(['gelu', title]);
    const after = await defined('after');
    expect(after).toEqual(expect.arrayContaining(before));
    expect(after.some((name) => name.startsWith('NIGHTSHIFT_GELU_F32_'))).toBe(true);
  });
});

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareDocumentSchema } from '../../src/documents/compare.ts';
import { documentSchemas } from '../../src/documents/index.ts';
import { temporaryFolder } from '../cli/command-line.fixture.ts';
import { inProcess } from '../cli/in-process.fixture.ts';

const folder = temporaryFolder();
const at = (name: string): string => join(folder.path, name);
const nightshift = (line: string, store = 'a.db') =>
  inProcess(line.split(' '), { NIGHTSHIFT_STORE: at(store) });
const SEARCH = '--strategy random --quiet';
afterAll(folder.remove);

beforeAll(async () => {
  for (const shape of ['16384', '65536'])
    await nightshift(`tune gelu --shape ${shape} --trials 30 ${SEARCH}`);
  await nightshift(`tune gelu --shape 16384 --trials 4 --seed 2 --fix vectorBytes=0 ${SEARCH}`, 'b.db');
});

const documentOf = async (name: string, line: string, store?: string) => {
  const { code, stdout, stderr } = await nightshift(`${line} --format json`, store);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const document: unknown = JSON.parse(stdout);
  expect(documentSchemas[name].safeParse(document).error?.issues).toBeUndefined();
  return document;
};

describe('best', () => {
  it('answers for an untried shape, by its schema', async () => {
    expect(await documentOf('best', 'best gelu --shape 20000')).toMatchObject({
      provenance: { how: 'simulated now' },
      study: null,
    });
    const measured = 'best gelu --target wasm';
    expect(await documentOf('best', measured)).toMatchObject({
      provenance: { how: 'default' },
      timeUs: { unknown: 'not tried' },
    });
    expect(await documentOf('best', measured, 'none.db')).toMatchObject({ provenance: { how: 'default' } });
    expect(existsSync(at('none.db'))).toBe(false);
  });
  it('answers for several shapes, and with one configuration for all of them', async () => {
    expect(await documentOf('bests', 'best gelu --shapes 16384,65536')).toMatchObject({
      answers: [{ shape: '16384' }, { shape: '65536' }],
    });
    expect(await documentOf('robust', 'best gelu --shapes 16384,2^16 --robust')).toMatchObject({
      shapes: [{ shape: '16384' }, { shape: '65536' }],
    });
    expect(await documentOf('robust', 'best gelu --robust')).toMatchObject({
      shapes: [{ shape: '16384' }, { shape: '65536' }],
    });
  });
  it.each([
    ['best gelu --shape 8 --robust', 2, /--robust: is for several shapes/],
    ['best softmax --robust', 6, /there are no results yet; make some with `nightshift tune softmax/],
    ['best gelu --shape 8 --shapes 8,16', 2, /--shapes: excludes --shape/],
    ['best gelu --shapes 16384,512 --robust', 6, /there are no results at shape 512/],
  ])('refuses %s', async (line, code, message) => {
    const refused = await nightshift(line);
    expect(refused.code).toBe(code);
    expect(refused.stderr).toMatch(message);
  });
});

describe('export', () => {
  it('writes files, leaves unchanged ones alone, and checks them', async () => {
    const line = `export --format json,c-header -o ${at('tuned')}`;
    expect((await nightshift(line)).stdout).toMatch(/hexagon-v75\.json written\n.*hexagon-v75\.h written/);
    expect((await nightshift(line)).stdout).toMatch(/json unchanged\n.*h unchanged/);
    expect((await nightshift(`${line} --check`)).code).toBe(0);
    const header = readFileSync(at('tuned/hexagon-v75.h'), 'utf8');
    writeFileSync(at('tuned/hexagon-v75.h'), header.replace('THREADS', 'HANDS'));
    const checked = await nightshift(`${line} --check`);
    expect(checked).toMatchObject({ code: 1, stderr: '' });
    expect(checked.stdout).toMatch(/hexagon-v75\.h different\n1 of 2 files is out of date/);
  });
  it.each([
    ['export --format c-heder', 2, /did you mean 'c-header'/],
    ['export --kernel nothing', 6, /nothing to export of nothing; the store has gelu on hexagon-v75/],
    ['export --target edge-2mib', 6, /of any kernel on edge-2mib; the store has gelu on hexagon-v75/],
    [`export -o ${at('a.db')}/tuned`, 2, /cannot write into/],
    // Node's recursive mkdir never returns there.
    ['export -o /proc/nightshift/tuned', 2, /cannot write into/],
  ])('refuses %s', async (line, code, message) => {
    const refused = await nightshift(line);
    expect(refused.code).toBe(code);
    expect(refused.stderr).toMatch(message);
  });
});

describe('import of results', () => {
  it('restores the studies of T1 and T4 files, once', async () => {
    await nightshift(`export --format t1,t4 -o ${at('t')}`);
    const files = readdirSync(at('t'));
    expect(files).toHaveLength(4);
    for (const file of files) {
      await documentOf('import-results', `import ${at(`t/${file}`)}`, 'c.db');
      expect(await documentOf('import-results', `import ${at(`t/${file}`)}`, 'c.db')).toMatchObject({
        isNew: false,
        trials: 0,
      });
    }
    expect(await documentOf('best', 'best gelu --shape 16384', 'c.db')).toMatchObject({
      provenance: { how: 'observed', from: 'simulator' },
    });
  });
  it("lets best answer for a user's device by the kernel's name", async () => {
    writeFileSync(
      at('cache.json'),
      JSON.stringify({
        device_name: 'A4000',
        kernel_name: 'conv',
        problem_size: [64, 64],
        tune_params_keys: ['block'],
        tune_params: { block: [32, 64] },
        cache: { '32': { block: 32, time: 2 }, '64': { block: 64, time: 1.5 } },
      }),
    );
    await documentOf('import-results', `import ${at('cache.json')}`, 'd.db');
    expect(await documentOf('best', 'best conv', 'd.db')).toMatchObject({
      configuration: { block: 64 },
      timeUs: 1500,
      shape: '64x64',
      provenance: { how: 'observed', from: 'device' },
    });
    expect(await nightshift('best conv --shape 8x8', 'd.db')).toMatchObject({
      code: 6,
      stderr: expect.stringContaining('results exist for 64x64 on A4000'),
    });
  });
  it('stores nothing of an invalid file', async () => {
    writeFileSync(at('bad.json'), '{"cache": {}, "tune_params": {}}');
    expect(await nightshift(`import ${at('bad.json')}`, 'e.db')).toMatchObject({ code: 2 });
    writeFileSync(at('other.json'), '{"hello": 1}');
    expect((await nightshift(`import ${at('other.json')}`, 'e.db')).stderr).toMatch(/neither T1, T4 nor/);
    expect(existsSync(at('e.db'))).toBe(false);
  });
});

describe('report', () => {
  it('writes HTML and Markdown', async () => {
    const { code } = await nightshift(`report --html ${at('r.html')} --md ${at('r.md')}`);
    expect(code).toBe(0);
    expect(readFileSync(at('r.html'), 'utf8')).toContain('gelu 65536 f32 on hexagon-v75');
    expect(readdirSync(at('r-figures')).length).toBeGreaterThan(3);
  });
  it('takes some studies, and leaves out the parts of single ones', async () => {
    const rows = (await nightshift('studies --format csv')).stdout.trimEnd().split('\n').slice(1);
    const ids = rows.map((row) => row.split(',')[0]);
    const [one, two] = ids;
    expect(
      await nightshift(`report --html ${at('two.html')} --study ${one} --study ${two.slice(0, 8)}`),
    ).toMatchObject({ code: 0 });
    const parts = [...readFileSync(at('two.html'), 'utf8').matchAll(/<section id="study-(\w+)"/g)];
    expect(parts.map(([, id]) => id).sort()).toEqual([one, two].sort());
    await nightshift(`report --html ${at('sum.html')} --summary`);
    expect(readFileSync(at('sum.html'), 'utf8')).not.toContain('<section');
  });
  it.each([
    ['report', 2, /needs a file/],
    ['report --html /proc/nightshift/r.html', 2, /cannot write/],
    ['report --html x.html --kernel nothing', 6, /nothing to report/],
    ['report --html x.html --study zzz', 6, /no single study/],
    ['report --html x.html --study zzz --kernel gelu', 2, /--study: excludes --kernel and --target/],
  ])('refuses %s', async (line, code, message) => {
    const refused = await nightshift(line);
    expect(refused.code).toBe(code);
    expect(refused.stderr).toMatch(message);
  });
});

describe('compare', () => {
  it('compares stores by its schema, and fails above the allowed percentage', async () => {
    await documentOf('compare', `compare ${at('b.db')} ${at('a.db')}`);
    const worse = await nightshift(`compare ${at('a.db')} ${at('b.db')} --fail-above 5%`);
    expect(worse.code).toBe(1);
    expect(worse.stdout).toContain('1 of 1 slower by more than 5 %');
    expect((await nightshift(`compare ${at('a.db')} ${at('a.db')} --fail-above 0%`)).code).toBe(0);
  });
  it('is neither a pass nor a failure where a change is unknown', async () => {
    for (const store of ['w1.db', 'w2.db'])
      await nightshift(`tune relu --shape 64 --target wasm --trials 1 ${SEARCH}`, store);
    const line = `compare ${at('w1.db')} ${at('w2.db')}`;
    expect(await documentOf('compare', line)).toMatchObject({ failed: 0, unknown: 1 });
    const undecided = await nightshift(`${line} --fail-above 5%`);
    expect(undecided.code).toBe(7);
    expect(undecided.stdout).toContain('None of 1 slower by more than 5 %, 1 unknown.');
    expect(undecided.stderr).toContain('--fail-above cannot be decided');
    await nightshift(`tune relu --shape 128 --target wasm --trials 1 ${SEARCH}`, 'w1.db');
    const missing = await nightshift(`${line} --fail-above 5%`);
    expect(missing.code).toBe(7);
    expect(missing.stderr).toContain('and 1 of before have no time after');
  });
  it('times anew what seems slower: fails what is shown to be, and what cannot be timed is undecided', async () => {
    const gate = '--fail-above 5% --verify';
    const worse = await nightshift(`compare ${at('a.db')} ${at('b.db')} ${gate} --format json`);
    expect(worse.code).toBe(1);
    expect(compareDocumentSchema.parse(JSON.parse(worse.stdout))).toMatchObject({
      failed: 1,
      rows: [{ isWorse: true, verified: { verdict: 'slower', undecided: null, falseClaims: null } }],
    });
    expect((await nightshift(`compare ${at('b.db')} ${at('a.db')} ${gate}`)).code).toBe(0);
    // Both trials are of the default: there is nothing to time beside each other.
    const same = await nightshift(`compare ${at('w1.db')} ${at('w2.db')} ${gate}`);
    expect(same.code).toBe(7);
    expect(same.stdout).toContain('not known: both have the same configuration');
  });
  it.each([
    ['compare a b --verify', 2, /--verify: has nothing to show without --fail-above/],
    ['compare a b --fail-above 5% --for 1m', 2, /--for: is for --verify/],
    ['compare zzz yyy', 6, /neither a store nor a single study/],
    ['compare a b --fail-above five', 2, /is not a percentage/],
  ])('refuses %s', async (line, code, message) => {
    const refused = await nightshift(line);
    expect(refused.code).toBe(code);
    expect(refused.stderr).toMatch(message);
  });
});

describe('store', () => {
  it('merges once, and has nothing to collect', async () => {
    expect((await nightshift(`store merge ${at('b.db')}`)).stdout).toMatch(/1 study, 4 trials/);
    expect((await nightshift(`store merge ${at('b.db')}`)).stdout).toMatch(/0 studies, 0 trials/);
    expect((await nightshift('store gc --dry-run')).stdout).toBe('Nothing would be deleted.\n');
  });
  it('deletes the named target', async () => {
    const { stdout } = await nightshift('store gc --fingerprint nobody', 'b.db');
    expect(stdout).toBe('');
    const targets: unknown = JSON.parse((await nightshift('studies --format json', 'b.db')).stdout);
    expect(targets).toMatchObject({ studies: [{}] });
  });
});

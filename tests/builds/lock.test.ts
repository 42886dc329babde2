// A lock file answers programs at run time, and says which of its entries still hold.
import { chmodSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { lockCheckDocumentSchema, lockDocumentSchema } from '../../src/documents/lock.ts';
import { hostileTargets } from '../../src/exporters/hostile.fixture.ts';
import { lock } from '../../src/exporters/lock.ts';
import { has, Workshop } from '../../src/languages/tools.fixture.ts';
import { inProcess } from '../cli/in-process.fixture.ts';

const EXAMPLE = fileURLToPath(new URL('../../examples/lock', import.meta.url));
const workshop = new Workshop();
const at = (name: string): string => join(workshop.path, name);
const nightshift = (line: string, store = 'a.db') =>
  inProcess(line.split(' '), { NIGHTSHIFT_STORE: at(store) });

const SPACE = {
  name: 'conv',
  parameters: [
    { name: 'layout', values: ['nchw', 'nhwc'] },
    { name: 'study', values: [1, 2] },
  ],
};
const DEVICE = `#!/bin/sh
while read -r line; do case "$line" in
  *'"study":2'*) echo '{"timeUs": 88}' ;;
  *) echo '{"timeUs": 89}' ;;
esac; done
`;
/** Tunes the kernel at one size; the second value of the parameter `study` is the faster one. */
const tuneConv = (size: number) =>
  nightshift(
    `tune conv --space ${at('space.json')} --target command:board --shape 8x8 --trials 4 --quiet --serve -- ${at('device.sh')} ${size}`,
  );

beforeAll(async () => {
  workshop.put('space.json', JSON.stringify(SPACE));
  workshop.put('device.sh', DEVICE);
  workshop.put('once.sh', '#!/bin/sh\necho $((90 - $1))\n');
  for (const name of ['device.sh', 'once.sh']) chmodSync(at(name), 0o755);
  for (const name of ['lookup.c', 'lookup.py']) copyFileSync(join(EXAMPLE, name), at(name));
  for (const shape of ['16384', '65536'])
    await nightshift(`tune gelu --shape ${shape} --trials 30 --strategy random --quiet`);
  expect(await tuneConv(8)).toMatchObject({ code: 0, stderr: '' });
  expect((await nightshift(`export --format lock -o ${at('a.lock.json')}`)).code).toBe(0);
});

const documentOf = (name = 'a.lock.json') =>
  lockDocumentSchema.parse(JSON.parse(readFileSync(at(name), 'utf8')));

/** Checks the lock file after a change of its text. */
async function checkChanged(from: string | RegExp, to: string, more = '') {
  writeFileSync(at('b.lock.json'), readFileSync(at('a.lock.json'), 'utf8').replaceAll(from, to));
  const { code, stdout, stderr } = await nightshift(`lock check ${at('b.lock.json')} --format json${more}`);
  expect(stderr).toBe('');
  const { usable, entries } = lockCheckDocumentSchema.parse(JSON.parse(stdout));
  const differences = entries.map((entry) => entry.differences.map(({ field, what }) => `${field}: ${what}`));
  return { code, usable, differences };
}

describe('a lock file', () => {
  it('has a line for each kernel and shape, and for any other shape, with its provenance', () => {
    const { entries, devices } = documentOf();
    expect(entries.map(({ device, kernel, shape }) => `${device} ${kernel} ${shape}`)).toEqual([
      'board conv 8x8',
      'board conv *',
      'hexagon-v75 gelu 16384',
      'hexagon-v75 gelu 65536',
      'hexagon-v75 gelu *',
    ]);
    expect(entries[0].provenance).toMatchObject({ how: 'measured', basis: 'comparison', visit: 3 });
    expect(entries[2].provenance.how).toBe('simulated');
    expect(entries[0].interval).toHaveProperty('low');
    expect(entries[0].options.argv).toContain('8');
    for (const { fingerprint } of entries)
      expect(devices.map((each) => each.fingerprint)).toContain(fingerprint);
    const lines = readFileSync(at('a.lock.json'), 'utf8').split('\n');
    expect(lines.filter((line) => line.startsWith('{"device":'))).toHaveLength(entries.length);
  });
  it('is compared with the store by --check', async () => {
    const line = `export --format lock -o ${at('a.lock.json')} --check`;
    expect(await nightshift(line)).toEqual({ code: 0, stdout: '1 file up to date\n', stderr: '' });
  });
  it('is not written into a file among formats with files of their own', async () => {
    const refused = await nightshift(`export --format lock,json -o ${at('c.json')}`);
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('name a folder') });
  });
  it('is read back unchanged with any names', () => {
    for (const tuned of hostileTargets(40)) {
      const { files } = lock.export([tuned]);
      const { entries } = lockDocumentSchema.parse(JSON.parse(files[0].text));
      expect(entries.map(({ kernel }) => kernel)).toEqual(
        tuned.kernels.flatMap(({ name, shapes }) => [...shapes, null].map(() => name)),
      );
      expect(files[0].text.split('\n')).toHaveLength(entries.length + 9);
    }
  });
});

const BOARD = ['a.lock.json', 'board', 'conv', '-'];
const V75 = ['a.lock.json', 'hexagon-v75', 'gelu', 'f32'];

describe.skipIf(!has('python3'))('the reader in Python (skipped where python3 is absent)', () => {
  it('has at most 30 lines, and finds a shape, any other shape, and nothing for another kernel', () => {
    expect(readFileSync(at('lookup.py'), 'utf8').split('\n').length).toBeLessThanOrEqual(31);
    const { entries } = documentOf();
    const read = (...words: readonly string[]) => workshop.perform('python3', 'lookup.py', ...words);
    expect(JSON.parse(read(...V75, '65536').stdout)).toEqual(entries[3].configuration);
    expect(JSON.parse(read(...V75, '77').stdout)).toEqual(entries[4].configuration);
    expect(JSON.parse(read(...BOARD, '8x8').stdout)).toEqual(entries[0].configuration);
    expect(read('a.lock.json', 'board', 'gelu', 'f32', '1').status).toBe(1);
  });
});

describe.skipIf(!has('cc'))('the reader in C (skipped where cc is absent)', () => {
  const COMPILER = "a compiler without hexagon-mlir's habits";
  it('has at most 30 lines, and finds the same', () => {
    expect(readFileSync(at('lookup.c'), 'utf8').split('\n').length).toBeLessThanOrEqual(31);
    const strict = ['-std=c99', '-Wall', '-Wextra', '-Wpedantic', '-Werror'];
    expect(workshop.perform('cc', ...strict, 'lookup.c', '-o', 'lookup')).toMatchObject({
      status: 0,
      stderr: '',
    });
    const read = (
      [file, device, ...kernel]: readonly string[],
      compiler: string,
      ...rest: readonly string[]
    ) => {
      const { status, stdout } = workshop.perform(at('lookup'), file, device, compiler, ...kernel, ...rest);
      return status === 0 ? stdout.trim() : undefined;
    };
    const { entries } = documentOf();
    for (const [shape, entry] of [
      ['65536', entries[3]],
      ['77', entries[4]],
    ] as const)
      for (const [name, value] of Object.entries(entry.configuration))
        expect(read(V75, COMPILER, shape, name)).toBe(String(value));
    for (const [name, value] of Object.entries(entries[0].configuration))
      expect(read(BOARD, '', '8x8', name)).toBe(String(value));
    expect(read(BOARD, '', '8x8', 'visit')).toBeUndefined();
    expect(read(BOARD, 'sdk 2.32', '8x8', 'study')).toBeUndefined();
  });
});

describe('lock check', () => {
  it('finds that all entries hold', async () => {
    const { code, stdout } = await nightshift(`lock check ${at('a.lock.json')}`);
    expect(stdout).toContain('conv 8x8 on board: holds\n');
    expect(stdout).toContain('gelu other shapes f32 on hexagon-v75: holds\n');
    expect({ code, last: stdout.trim().split('\n').at(-1) }).toEqual({
      code: 0,
      last: '5 of 5 entries still hold',
    });
  });
  it('names the field of a device or compiler that has changed', async () => {
    const { fingerprint } = documentOf().devices[1];
    const moved = new RegExp(`"${fingerprint}"(.*)"clockGHz":1.4(.*)"unrolls":\\[1`);
    writeFileSync(
      at('c.lock.json'),
      readFileSync(at('a.lock.json'), 'utf8').replaceAll(fingerprint, 'earlier'),
    );
    const earlier = readFileSync(at('c.lock.json'), 'utf8').replace(
      new RegExp(moved.source.replace(fingerprint, 'earlier')),
      '"earlier"$1"clockGHz":1.2$2"unrolls":[2',
    );
    writeFileSync(at('c.lock.json'), earlier);
    const { code, stdout } = await nightshift(`lock check ${at('c.lock.json')}`);
    expect(stdout).toContain('  device: machine.clockGHz was 1.2, is 1.4\n');
    expect(stdout).toContain('  compiler: machine.compiler.unrolls was [2,');
    expect({ code, last: stdout.trim().split('\n').at(-1) }).toEqual({
      code: 1,
      last: '2 of 5 entries still hold',
    });
  });
  it('names a source and a firmware that have changed, entry by entry', async () => {
    const [, , { source }] = documentOf().entries;
    const changed = await checkChanged(`"source":"${source}"`, '"source":"0123"');
    expect(changed).toEqual({
      code: 1,
      usable: 4,
      differences: [[], [], ['source: the hash of its IR'], [], []],
    });
    expect(await checkChanged('none', 'none', ' --device board --firmware v2')).toEqual({
      code: 1,
      usable: 0,
      differences: [['compiler: firmware'], ['compiler: firmware']],
    });
  });
  it('names the options with which the kernel was measured since', async () => {
    expect((await tuneConv(9)).code).toBe(0);
    expect(await checkChanged('none', 'none', ' --device board')).toEqual({
      code: 1,
      usable: 1,
      differences: [['options: argv'], []],
    });
    const { stderr } = await nightshift(`export --format json -t board -o ${at('found-again')}`);
    expect(stderr).toMatch(
      /^note: board: left out results that were found again .*: conv 8x8 \(study \w+, now \w+\)\n$/,
    );
  });
  it('says of every shape that its kernel’s sources have changed, once one was measured with others', async () => {
    const tuneBuilt = (shape: string) =>
      inProcess(
        [
          ...`tune built --space ${at('space.json')} --target command:builder --shape ${shape} --trials 1 --quiet`.split(
            ' ',
          ),
          '--build',
          `cp ${at('kernel.txt')} {build}/kernel`,
          ...`-- ${at('once.sh')} {study} {layout} {build}`.split(' '),
        ],
        { NIGHTSHIFT_STORE: at('built.db') },
      );
    workshop.put('kernel.txt', 'first');
    for (const shape of ['4', '8']) expect(await tuneBuilt(shape)).toMatchObject({ code: 0 });
    const file = at('built.lock.json');
    await nightshift(`export --format lock -o ${file}`, 'built.db');
    expect((await nightshift(`lock check ${file}`, 'built.db')).code).toBe(0);
    workshop.put('kernel.txt', 'second');
    expect(await tuneBuilt('4')).toMatchObject({ code: 0 });
    const { code, stdout } = await nightshift(`lock check ${file} --format json`, 'built.db');
    const { entries } = lockCheckDocumentSchema.parse(JSON.parse(stdout));
    expect(code).toBe(1);
    for (const { shape, differences } of entries.filter(({ shape }) => shape !== '*'))
      expect([shape, differences.map(({ what }) => what)]).toEqual([shape, ['sources']]);
  });
  it.each([
    ['a shape', '"shape":"16384"', '"shape":"lots"'],
    [
      'a dtype',
      '"kernel":"gelu","dtype":"f32","shape":"16384"',
      '"kernel":"gelu","dtype":"q4","shape":"16384"',
    ],
  ])(
    'finds that an entry does not hold whose kernel cannot be had with such %s, and the others do',
    async (_, from, to) => {
      expect(await checkChanged(from, to)).toMatchObject({
        code: 1,
        usable: 3,
        differences: expect.arrayContaining([['source: the hash of its IR']]),
      });
    },
  );

  it('refuses an entry with the fingerprint of another device', async () => {
    const { devices } = documentOf();
    const [board, npu] = ['board', 'hexagon-v75'].map(
      (name) => devices.find((device) => device.name === name)?.fingerprint ?? name,
    );
    const lines = readFileSync(at('a.lock.json'), 'utf8').split('\n');
    const swapped = lines.map((line) => (line.includes('"kernel":"conv"') ? line.replace(board, npu) : line));
    writeFileSync(at('c.lock.json'), swapped.join('\n'));
    expect(await nightshift(`lock check ${at('c.lock.json')}`)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('an entry of conv whose fingerprint is no device of it'),
    });
  });

  it('says which device nothing here knows, and refuses what is no lock file', async () => {
    const { code, stdout } = await nightshift(`lock check ${at('a.lock.json')}`, 'none.db');
    expect(stdout).toContain('conv 8x8 on board: nothing here knows this device\n');
    expect(code).toBe(1);
    expect(await nightshift(`lock check ${at('space.json')}`)).toMatchObject({ code: 2 });
    expect(await nightshift(`lock check ${at('a.lock.json')} --device bord`)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("did you mean 'board'"),
    });
  });
});

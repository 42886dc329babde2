import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { spaceDocumentSchema } from '../../src/documents/space.ts';
import { temporaryFolder } from './command-line.fixture.ts';
import { inProcess } from './in-process.fixture.ts';

const folder = temporaryFolder();
afterAll(folder.remove);
const env = { NIGHTSHIFT_STORE: join(folder.path, 'store.db') };
const run = (...words: readonly string[]) => inProcess(words, env);
const conv = join(folder.path, 'conv.json');
writeFileSync(
  conv,
  JSON.stringify({
    name: 'conv',
    parameters: [
      { name: 'threads', values: [1, 2, 4], tag: 'mt', off: 1 },
      { name: 'tile', values: [8, 16, 32] },
    ],
    constraints: ['threads * tile <= 64', 'tile > threads * 2'],
    default: { threads: 1, tile: 16 },
  }),
);

async function shown(...words: readonly string[]) {
  const { code, stdout, stderr } = await run(...words, '--format', 'json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return spaceDocumentSchema.parse(JSON.parse(stdout));
}

describe('space of a file', () => {
  it('prints its size, parameters, what each constraint removes, default and members', async () => {
    const { code, stdout } = await run('space', conv);
    expect(code).toBe(0);
    expect(stdout.split('\n').slice(0, 14)).toEqual([
      'conv',
      '7 configurations of 9 combinations of values',
      '',
      'parameter  mechanism  off  values',
      'threads    mt         1    1, 2, 4',
      'tile                       8, 16, 32',
      '',
      'constraint            removes alone  of what the others leave',
      'threads * tile <= 64      1, 11.1 %                 1, 12.5 %',
      'tile > threads * 2        1, 11.1 %                 1, 12.5 %',
      '',
      'default',
      '  threads=1  tile=16',
      '',
    ]);
    expect(stdout).toContain('a few members\n  threads=');
  });

  it('counts what steering leaves, and says that it excludes the default', async () => {
    const { size, restrictedTo, constraints, ...rest } = await shown('space', conv, '--fix', 'threads=4');
    expect({ size, restrictedTo }).toEqual({ size: 1, restrictedTo: 'threads=4' });
    expect(constraints.at(-1)).toEqual({
      sentence: 'threads must be 4',
      alone: { count: '6', of: '9', share: 2 / 3 },
      ofTheRest: { count: '6', of: '7', share: 6 / 7 },
    });
    expect(rest.default).toEqual({ configuration: { threads: 1, tile: 16 }, isMember: false });
    expect(rest.members).toEqual([{ threads: 4, tile: 16 }]);
  });

  it('takes no target, and names a file that is not there', async () => {
    const onTarget = await run('space', conv, '--target', 'wasm');
    expect(onTarget.stderr).toBe('nightshift: --target: is not for a space file (name a kernel instead)\n');
    const missing = await run('space', join(folder.path, 'none.json'));
    expect(missing).toMatchObject({ code: 2, stdout: '' });
    expect(missing.stderr).toContain('there is no such file');
  });
});

describe('space of a kernel', () => {
  it('is that of the target, and every shown member can be simulated', async () => {
    const document = await shown('space', 'softmax', '--shape', '64x1024');
    expect(document.subject).toEqual({
      name: 'softmax',
      shape: '64x1024',
      dtype: 'f32',
      target: 'hexagon-v75',
    });
    expect(document.members).toHaveLength(5);
    for (const member of document.members) {
      const set = Object.entries(member).map(([name, value]) => `${name}=${value}`);
      const { code } = await run('simulate', 'softmax', '--shape', '64x1024', '--set', set.join(','));
      expect(code).toBe(0);
    }
    const wasm = await shown('space', 'softmax', '--target', 'wasm');
    expect(wasm.parameters.map(({ name }) => name)).toContain('lanes');
  });
});

describe('tune --dry-run', () => {
  const steered = ['tune', 'gelu', '--shape', '4096', '--fix', 'threads=2', '--seed', '3'];

  it('shows the space and the study, measures nothing, and makes no store', async () => {
    const dry = await shown(...steered, '--dry-run');
    expect(dry.restrictedTo).toBe('threads=2');
    expect(dry.study).toMatchObject({ seed: 3, isKnown: false, trials: 0 });
    expect(existsSync(env.NIGHTSHIFT_STORE)).toBe(false);
  });

  it('names the study that tune visits, and says how many trials the store has of it', async () => {
    const tuned: unknown = JSON.parse(
      (await run(...steered, '--trials', '12', '--quiet', '--format', 'json')).stdout,
    );
    const { study, size } = await shown(...steered, '--dry-run');
    expect(tuned).toMatchObject({ study: { id: study?.id } });
    expect(study).toMatchObject({ isKnown: true, trials: 12 });
    const { stdout } = await run(...steered, '--dry-run');
    expect(stdout).toContain(`${env.NIGHTSHIFT_STORE}: known, with 12 trials. Nothing was measured.`);
    expect((await shown('space', 'gelu', '--shape', '4096', '--fix', 'threads=2')).size).toBe(size);
  });

  it('runs no program of a user’s device', async () => {
    const mark = join(folder.path, 'ran');
    const words = ['tune', '--space', conv, '--target', 'command:board', '--dry-run', '--format', 'json'];
    const { code, stdout } = await run(...words, '--', 'sh', '-c', `touch ${mark}`, 'sh', '{configuration}');
    expect(code).toBe(0);
    expect(spaceDocumentSchema.parse(JSON.parse(stdout))).toMatchObject({
      size: 7,
      subject: { name: 'conv', target: 'board' },
    });
    expect(existsSync(mark)).toBe(false);
  });
});

describe('space of a kernel without IR', () => {
  const program = join(folder.path, 'measure.sh');
  const tuned = (shape: string, ...words: readonly string[]) =>
    run(
      ...['tune', '--space', conv, '--target', 'command:board', '--trials', '4', '--quiet', '--shape', shape],
      ...words,
      ...['--', program, '{threads}', '{tile}'],
    );

  it('is found by its name, as its study has it', async () => {
    writeFileSync(program, '#!/bin/sh\necho "{\\"timeUs\\": $1}"\n');
    chmodSync(program, 0o755);
    expect((await tuned('8')).code).toBe(0);
    const { size, subject, default: preferred } = await shown('space', 'conv', '--target', 'board');
    expect({ size, subject }).toEqual({
      size: 7,
      subject: { name: 'conv', shape: '8', dtype: expect.any(String), target: 'board' },
    });
    expect(preferred.configuration).toEqual({ threads: 1, tile: 16 });
    expect((await shown('space', 'conv', '--fix', 'threads=4')).size).toBe(1);
    const elsewhere = await run('space', 'conv', '--target', 'wasm');
    expect(elsewhere).toMatchObject({
      code: 6,
      stderr: expect.stringContaining('results exist for 8 on board'),
    });
    for (const command of ['ladder', 'importance'])
      expect(await run(command, 'conv', '--target', 'nowhere')).toMatchObject({
        code: 6,
        stderr: 'nightshift: no study of conv on nowhere; there are studies of conv 8 on board\n',
      });
    await tuned('16', '--fix', 'threads=1');
    const both = await run('space', 'conv');
    expect(both).toMatchObject({ code: 2, stderr: expect.stringContaining('has several spaces: 8') });
    const other = await run('space', 'conv', '--shape', '16');
    expect(other.stderr).toMatch(/^note: this is the space of study \w+, only threads=1\n$/);
  });
});

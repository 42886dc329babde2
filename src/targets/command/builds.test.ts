import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defineSpace } from '../../../search-space/define-space.ts';
import { ordinal } from '../../../search-space/parameters.ts';
import type { Backend } from '../../../tuner/backend.ts';
import { commandBackend } from './backend.ts';
import { BuildFolder } from './builds/build-folder.ts';
import { Sources } from './builds/sources.ts';
import type { DeviceProgram } from './program.ts';

const space = defineSpace([ordinal('tile', [1, 2, 3, 4, 5, 6, 7, 8])], []);
const kernel = { kind: 'opaque', name: 'theirs', shape: [64, 56], dtype: 'f16' } as const;
const never = new AbortController().signal;
let folder = '';
const at = (name: string): string => join(folder, name);

/** Notes when each build began and ended. Tiles 3 and 4 wait for each other, and tile 5 does not compile. */
const COMPILER = `
const { appendFileSync, copyFileSync, readFileSync } = require('node:fs');
const [source, tile, out] = process.argv.slice(2);
const log = require('node:path').join(__dirname, 'log');
appendFileSync(log, 'begin ' + tile + '\\n');
if (tile === '5') {
  console.error('In file included from error.h:1');
  console.error("conv.c:12:3: error: size of array 'block' is negative");
  console.error('compilation terminated.');
  process.exit(1);
}
const finish = () => { copyFileSync(source, out); appendFileSync(log, 'end ' + tile + '\\n'); };
const until = Date.now() + 10_000;
const wait = () => {
  const both = /begin 3[^]*begin 4|begin 4[^]*begin 3/.test(readFileSync(log, 'utf8'));
  if (both || Date.now() > until) finish();
  else setTimeout(wait, 20);
};
if (tile === '3' || tile === '4') wait();
else setTimeout(finish, 300);
`;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'nightshift-builds-test-'));
  writeFileSync(at('compiler.cjs'), COMPILER);
  writeFileSync(at('source.cjs'), 'console.log(100)');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const program = (): DeviceProgram => ({
  build: [process.execPath, at('compiler.cjs'), at('source.cjs'), '{tile}', '{build}/run.cjs'],
  argv: [process.execPath, '{build}/run.cjs', '{shape.1}'],
  timeoutMs: 60_000,
  unit: 'us',
});

async function using<T>(work: (backend: Backend) => Promise<T>, asked = program()): Promise<T> {
  const mark = `builds.test ${process.pid}`;
  const surroundings = { keeping: { mark, kept: [] }, seed: 1, buildFolder: at('cache') };
  const backend = await commandBackend(asked, { space, default: space.at(0) }, kernel, surroundings);
  try {
    return await work(backend);
  } finally {
    await backend.close();
  }
}

const prepare = (backend: Backend, tile: number, signal = never) =>
  backend.prepare({ configuration: { tile }, subset: 'scalar', origin: 'test' }, signal);

/** The lines that builds have written since the last call. */
function builtSince(): readonly string[] {
  const lines = existsSync(at('log')) ? readFileSync(at('log'), 'utf8').split('\n').filter(Boolean) : [];
  rmSync(at('log'), { force: true });
  return lines;
}

describe('builds', () => {
  it('are made ahead, side by side, and what was built is run', async () => {
    await using(async (backend) => {
      expect(backend.batchSize).toBe(Math.min(16, availableParallelism()));
      await backend.prefetch?.([{ tile: 3 }, { tile: 4 }, { tile: 3 }], never);
      const lines = builtSince();
      expect(lines.toSorted()).toEqual(['begin 3', 'begin 4', 'end 3', 'end 4']);
      if (availableParallelism() > 1) expect(lines[1]).toMatch(/^begin/);
      const prepared = await prepare(backend, 3);
      if (prepared.state === 'invalid') throw new Error(prepared.message);
      const session = await backend.session([prepared.variant], never);
      expect(await session.sample(prepared.variant, 0)).toEqual({ state: 'timed', timeUs: 100 });
      expect(builtSince()).toEqual([]);
    });
  });

  it('are kept for later visits, until a file that they name has changed', async () => {
    await using((backend) => prepare(backend, 2));
    expect(builtSince()).toEqual(['begin 2', 'end 2']);
    await using((backend) => prepare(backend, 2));
    expect(builtSince()).toEqual([]);
    writeFileSync(at('source.cjs'), 'console.log(200)');
    await using((backend) => prepare(backend, 2));
    expect(builtSince()).toEqual(['begin 2', 'end 2']);
  });

  it('end the visit if a file that they read is changed meanwhile', async () => {
    writeFileSync(at('source.cjs'), 'console.log(300)');
    await using(async (backend) => {
      await prepare(backend, 8);
      writeFileSync(at('source.cjs'), 'console.log(301)');
      await expect(prepare(backend, 1)).rejects.toThrow('source.cjs changed while');
    });
    writeFileSync(at('source.cjs'), 'console.log(300)');
    builtSince();
    // What was built of the other content does not count as this one's.
    await using((backend) => prepare(backend, 1));
    expect(builtSince()).toEqual(['begin 1', 'end 1']);
  });

  it.each(['', '@', '-fprofile-use=', '--config='])('name a file as %sflags', (before) => {
    writeFileSync(at('flags'), '-O2');
    const sources = new Sources();
    expect(sources.of([`${before}${at('flags')}`]).map(([path]) => path)).toEqual([at('flags')]);
    writeFileSync(at('flags'), '-O2');
    expect(sources.changed()).toBeUndefined();
    writeFileSync(at('flags'), '-O3');
    expect(sources.changed()).toBe(at('flags'));
    rmSync(at('flags'));
    expect(sources.changed()).toBe(at('flags'));
  });

  it('that fail are invalid with the first error, and are not tried again in the visit', async () => {
    await using(async (backend) => {
      const failed = {
        state: 'invalid',
        reason: 'compile',
        message: "conv.c:12:3: error: size of array 'block' is negative",
      };
      expect(await prepare(backend, 5)).toEqual(failed);
      expect(await prepare(backend, 5)).toEqual(failed);
    });
    expect(builtSince()).toEqual(['begin 5']);
  });

  it('end at an interruption and at a time-out, and leave nothing that counts as built', async () => {
    const ended = new AbortController();
    await using(async (backend) => {
      setTimeout(() => ended.abort(), 100);
      expect(await prepare(backend, 6, ended.signal)).toMatchObject({ reason: 'disturbed' });
    });
    const hasty = { ...program(), timeoutMs: 100 };
    expect(await using((backend) => prepare(backend, 7), hasty)).toMatchObject({
      reason: 'disturbed',
      message: 'the build: took longer than 0.1 s',
    });
    builtSince();
    await using(async (backend) => {
      expect(await prepare(backend, 6)).toMatchObject({ state: 'ready' });
      expect(await prepare(backend, 7)).toMatchObject({ state: 'ready' });
    });
    expect(builtSince()).toEqual(['begin 6', 'end 6', 'begin 7', 'end 7']);
  });

  it('do not blame a configuration for a compiler that is missing', async () => {
    const missing = { ...program(), build: ['./no-such-compiler', '{tile}', '{build}'] };
    expect(await using((backend) => prepare(backend, 1), missing)).toMatchObject({ reason: 'disturbed' });
  });
});

it('a folder of builds is bounded: the ones unused for longest go first, and what is not whole', async () => {
  const bounded = new BuildFolder(at('bounded'), 2500, 1);
  const keys = ['a', 'b', 'c'].map((letter) => letter.repeat(32));
  for (const key of keys) {
    writeFileSync(join(bounded.begin(key), 'program'), 'x'.repeat(1000));
    bounded.finish(key);
    await pause(20);
  }
  expect(bounded.has(keys[0])).toBe(true);
  bounded.begin('d'.repeat(32));
  bounded.begin('e'.repeat(32));
  writeFileSync(join(folder, 'bounded', `${'e'.repeat(32)}.json`), '{"byt');
  bounded.trim();
  expect(readdirSync(at('bounded')).filter((name) => !name.endsWith('.json'))).toEqual([keys[0], keys[2]]);
});

it('says where builds cannot be written', () => {
  writeFileSync(at('a-file'), '');
  expect(() => new BuildFolder(at('a-file')).begin('a'.repeat(32))).toThrow(
    /--build: cannot write .*ENOTDIR/,
  );
});

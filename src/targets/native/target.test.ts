import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { SearchSpace } from '../../../search-space/search-space.ts';
import { subspacesOf } from '../../../tuner/attribution/subspaces.ts';
import { findCompiler } from '../../c/compiler.ts';
import { defineKernel } from '../../kernels/builder.ts';
import { libraryKernel } from '../../kernels/library.ts';
import { livingProcesses, type ProcessEntry } from '../../programs/keeper/processes.ts';
import type { Target } from '../_base.ts';
import { targetConformance } from '../target.conformance.ts';
import { nativeBackend } from './backend.ts';
import { nativeDefault } from './default.ts';
import { generateC } from './generator/generate.ts';
import { type NativeHost, nativeHost } from './host.ts';
import { numbersIn, processorOf } from './machine.ts';
import { compiledFolder, hasCompiler, hostHere } from './machine-here.fixture.ts';
import { nativeRivals } from './rivals.ts';
import { nativeScheduleOf } from './schedule-of.ts';
import { buildNativeSpace } from './space.ts';
import { nativeTarget } from './target.ts';

const folder = compiledFolder();
const wide = defineKernel('wide', { shape: [64], dtype: 'f64' }, (k) => {
  const i = k.dimension('i', 64);
  k.store(k.output('y', 'f64', [64]), [i], k.input('x', 'f64', [64]).at(i).mul(2));
});

/** This machine as a target, whose compiled files the test removes. */
async function target(change: Readonly<{ fingerprint?: string }> = {}): Promise<Target> {
  const host = { ...(await hostHere(2)), ...change };
  return { ...nativeTarget(host), backend: (kernel) => nativeBackend({ kernel, host, folder }) };
}

describe.skipIf(!hasCompiler)('with a C compiler', () => {
  targetConformance('native code on this machine', {
    kind: 'native',
    open: () => target(),
    others: { 'with another compiler': () => target({ fingerprint: 'another' }) },
    same: { 'looked at again': async () => nativeTarget(await nativeHost()) },
    kernels: [libraryKernel('gelu', [4096]), libraryKernel('matmul', [32, 64, 48])],
    refused: {
      'f64 arithmetic': wide,
      'an operand of 3 GiB': libraryKernel('relu', [3 * 2 ** 28]),
    },
  });

  it('has no more thread counts than a search can try, however many cores there are', async () => {
    const space = buildNativeSpace(libraryKernel('gelu', [2 ** 20]), await hostHere(24));
    const threads = space.parameters.find(({ name }) => name === 'threads');
    expect(threads?.values).toEqual([1, 2, 4, 8, 16, 24]);
  });
});

describe.skipIf(!hasCompiler)('the mechanisms that a space has', () => {
  const gelu = libraryKernel('gelu', [2 ** 16]);
  const here = (change: Partial<NativeHost>) => hostHere(4).then((host) => ({ ...host, ...change }));
  const spaceOf = async (change: Partial<NativeHost>, kernel = gelu) =>
    buildNativeSpace(kernel, await here(change));
  const valuesOf = ({ parameters }: SearchSpace, wanted: string) =>
    parameters.find(({ name }) => name === wanted)?.values;

  it('are those that matter on this machine', async () => {
    const many = await spaceOf({ processors: 4, memoryNodes: 2 });
    expect([valuesOf(many, 'pinned'), valuesOf(many, 'firstTouch')]).toEqual([
      [false, true],
      [false, true],
    ]);
    const few = await spaceOf({ processors: 3, memoryNodes: 1 });
    expect([valuesOf(few, 'pinned'), valuesOf(few, 'firstTouch')]).toEqual([undefined, undefined]);
    const alone = await spaceOf({ cores: 1, processors: 1, memoryNodes: 2 });
    for (const name of ['threads', 'pinned', 'firstTouch', 'helper'])
      expect(valuesOf(alone, name)).toBe(undefined);
    expect(valuesOf(alone, 'tile')).toEqual([0, 4096, 16384, 65536]);
    expect(valuesOf(await spaceOf({}, libraryKernel('matmul', [64, 64, 64])), 'tile')).toBe(undefined);
    expect(valuesOf(await spaceOf({}, libraryKernel('softmax', [256, 1024])), 'tile')).toEqual([
      0, 4, 16, 64,
    ]);
  });

  it('have a pipeline of rows where there is one, for code that the compiler does not vectorise itself', async () => {
    expect(valuesOf(await spaceOf({}), 'pipelined')).toBe(undefined);
    const space = await spaceOf({}, libraryKernel('softmax', [256, 1024]));
    const plain = nativeDefault(space);
    expect(plain.pipelined).toBe(false);
    expect(space.has({ ...plain, pipelined: true })).toBe(false);
    expect(space.has({ ...plain, autoVector: false, lanes: 4, pipelined: true })).toBe(true);
  });

  it('count a helper as a core, and no configuration twice', async () => {
    const space = await spaceOf({ processors: 4, memoryNodes: 1 });
    const plain = { ...nativeDefault(space), autoVector: false, lanes: 4 };
    const helped = { ...plain, tile: 4096, helper: true, buffers: 2, threads: 2 };
    for (const known of [plain, helped, { ...helped, pinned: true }, { ...plain, tile: 4096 }])
      expect(space.has(known), JSON.stringify(known)).toBe(true);
    for (const other of [
      { ...helped, threads: 4 },
      { ...helped, chunking: 'dynamic-8' },
      { ...helped, prefetch: 512 },
      { ...helped, streaming: true },
      { ...plain, helper: true },
      { ...plain, buffers: 2 },
      { ...plain, staged: 'in' },
      { ...plain, pinned: true },
    ])
      expect(space.has(other), JSON.stringify(other)).toBe(false);
  });

  it('have tiles of at most 1 MiB for a thread, and little besides', async () => {
    const add = libraryKernel('vector-add', [2 ** 20]);
    const space = await spaceOf({ cores: 1 }, add);
    const plain = { ...nativeDefault(space), autoVector: false, lanes: 16, unroll: 6 };
    const scratch = (tile: number, buffers: number) =>
      generateC(add, nativeScheduleOf({ ...plain, tile, buffers })).scratchBytes;
    expect(space.has({ ...plain, tile: 65536, buffers: 2 })).toBe(false);
    expect(space.has({ ...plain, tile: 65536 })).toBe(true);
    expect(scratch(65536, 1)).toBeLessThan(2 ** 20);
    expect(scratch(16384, 2)).toBeLessThan(2 ** 19);
  });

  it('have rivals where a helper takes a core, each with prefetching and streaming', async () => {
    const rivalsOn = async (cores: number) => {
      const space = await spaceOf({ cores });
      const { all } = await subspacesOf(space, nativeRivals(space));
      return new Map(
        all.filter(({ name }) => name.startsWith('db against')).map((one) => [one.name, one.space]),
      );
    };
    expect(await rivalsOn(1)).toEqual(new Map());
    const rivals = await rivalsOn(2);
    const [overlap, oneThread, both] = [
      'db against one buffer on the same threads',
      'db against computing in place on one thread',
      "db against computing in place on the helper's core too",
    ];
    expect([...rivals.keys()]).toEqual(
      [overlap, oneThread, both].flatMap((name) => [name, `${name}, itself`]),
    );
    const plain = { ...nativeDefault(await spaceOf({ cores: 2 })), autoVector: false, lanes: 4 };
    const ahead = { ...plain, prefetch: 512, streaming: true };
    const helped = { ...plain, tile: 4096, helper: true, buffers: 2 };
    expect(rivals.get(both)?.has({ ...ahead, threads: 2 })).toBe(true);
    expect(rivals.get(oneThread)?.has(ahead)).toBe(true);
    expect(rivals.get(both)?.has({ ...plain, threads: 2, tile: 4096 })).toBe(false);
    expect(rivals.get(overlap)?.has({ ...helped, buffers: 1 })).toBe(true);
    expect(rivals.get(`${both}, itself`)?.has(helped)).toBe(true);
    expect(rivals.get(`${both}, itself`)?.has(ahead)).toBe(false);
  });
});

describe('without a C compiler', () => {
  it('says so in one sentence, with what to do', async () => {
    await expect(nativeHost(['/no/such/compiler'])).rejects.toThrow(
      /needs a C compiler, and '\/no\/such\/compiler' is none.*install gcc or clang/,
    );
  });
});

describe('a script', () => {
  const own = mkdtempSync(join(tmpdir(), 'nightshift cc-'));
  const script = join(own, 'cc');
  const scriptOf = (body: string) => writeFileSync(script, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  afterAll(() => rmSync(own, { recursive: true, force: true }));

  it('that never says its version, and ignores requests to end, is no compiler, and leaves nothing behind', async () => {
    // Seconds that no other program sleeps.
    scriptOf('trap "" TERM\nsleep 613.75 &\nwhile :; do sleep 613.75; done');
    expect(await findCompiler([script], 500)).toBeUndefined();
    expect(
      livingProcesses()
        .filter(({ name }) => name === 'sleep')
        .map(commandLine),
    ).not.toContain('sleep\x313.75\0');
  });

  it('with blanks in its path is a compiler, with words of its own or without', async () => {
    scriptOf('echo "a compiler $1"');
    expect(await findCompiler([script])).toEqual({ words: [script], version: 'a compiler --version' });
    expect(await findCompiler([`${script}  -m64 -g`])).toEqual({
      words: [script, '-m64', '-g'],
      version: 'a compiler -m64',
    });
  });
});

function commandLine({ pid }: ProcessEntry): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

describe('the processor', () => {
  const x86 = (flags: string) => processorOf('x64', `processor : 0\nflags\t\t: ${flags}\nbugs : none\n`);

  it('has registers as wide as its features say', () => {
    expect(x86('fpu sse4_1')).toEqual({ lanes: [4], fma: false, features: ['fpu', 'sse4_1'] });
    expect(x86('sse4_1 avx fma avx2')).toMatchObject({ lanes: [4, 8], fma: true });
    // AVX-512 without its later parts lacks operations that every kernel may need.
    expect(x86('sse4_1 avx avx2 avx512f').lanes).toEqual([4, 8]);
    expect(x86('sse4_1 avx avx2 avx512f avx512bw avx512dq avx512vl').lanes).toEqual([4, 8, 16]);
  });

  it('has registers of 16 bytes where nothing is known, and on Arm', () => {
    expect(processorOf('x64', '').lanes).toEqual([4]);
    expect(processorOf('arm64', 'Features : fp asimd\n')).toMatchObject({ lanes: [4], fma: true });
  });
});

it.each([
  ['0-3,8', [0, 1, 2, 3, 8]],
  ['5', [5]],
  ['', []],
  ['all', []],
])('a list of processors like %j is read', (list, numbers) => {
  expect(numbersIn(list)).toEqual(numbers);
});

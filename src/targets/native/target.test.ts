import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { defineKernel } from '../../kernels/builder.ts';
import { libraryKernel } from '../../kernels/library.ts';
import type { Target } from '../_base.ts';
import { targetConformance } from '../target.conformance.ts';
import { nativeBackend } from './backend.ts';
import { findCompiler } from './compiler.ts';
import { nativeHost } from './host.ts';
import { processorOf } from './machine.ts';
import { compiledFolder, hasCompiler, hostHere } from './machine-here.fixture.ts';
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

describe('without a C compiler', () => {
  it('says so in one sentence, with what to do', async () => {
    await expect(nativeHost(['/no/such/compiler'])).rejects.toThrow(
      /needs a C compiler, and '\/no\/such\/compiler' is none.*install gcc or clang/,
    );
  });
});

describe('a script that never says its version, and ignores requests to end', () => {
  const own = mkdtempSync(join(tmpdir(), 'nightshift-deaf-cc-'));
  afterAll(() => rmSync(own, { recursive: true, force: true }));

  it('is no compiler', async () => {
    const script = join(own, 'cc');
    writeFileSync(script, '#!/bin/sh\ntrap "" TERM\nwhile :; do :; done\n', { mode: 0o755 });
    expect(await findCompiler([script], 200)).toBeUndefined();
  });
});

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

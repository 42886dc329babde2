import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { defineKernel } from '../../../kernels/builder.ts';
import type { Kernel } from '../../../kernels/ir.ts';
import { libraryKernel } from '../../../kernels/library.ts';
import { knownNames } from '../../../languages/hostile.fixture.ts';
import { VARIANT_FLAGS } from '../flags.ts';
import { hasCompiler } from '../machine-here.fixture.ts';
import { nativeScheduleOf } from '../schedule-of.ts';
import { generateC } from './generate.ts';

const twice = (name: string, operand: string) =>
  defineKernel(name, { shape: [1003], dtype: 'f32' }, (k) => {
    const i = k.dimension('i', 1003);
    const x = k.input(operand, 'f32', [1003]).at(i);
    k.store(k.output(`${operand}2`, 'f32', [1003]), [i], x.add(x));
  });
/** Rows over their sums, into another operand or in place. */
const scaledRows = (role: 'output' | 'inout') =>
  defineKernel(`rows-${role}`, { shape: [5, 64], dtype: 'f32' }, (k) => {
    const [i, j] = [k.dimension('i', 5), k.dimension('j', 64)];
    const y = role === 'inout' ? k.inout('y', 'f32', [5, 64]) : k.output('y', 'f32', [5, 64]);
    const x = role === 'inout' ? y : k.input('x', 'f32', [5, 64]);
    const value = x.at(i, j);
    k.store(y, [i, j], value.div(k.sum(value, j)));
  });
const how = nativeScheduleOf({ lanes: 16, unroll: 4, prefetch: 512, streaming: true });

/** The instructions that the compiler here makes of a kernel. */
function assembled(source: string, lanes: number): string {
  const { status, stdout, stderr } = spawnSync(
    'cc',
    [...VARIANT_FLAGS, ...wide(lanes), '-S', '-x', 'c', '-o', '-', '-'],
    {
      input: source,
      encoding: 'utf8',
    },
  );
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

/** On a processor that has these registers, whatever the one here has: nothing is run. */
function wide(lanes: number): readonly string[] {
  return lanes === 16 ? ['-march=x86-64-v4'] : lanes === 8 ? ['-march=x86-64-v3'] : ['-march=x86-64-v2'];
}

describe('generated C', () => {
  it.skipIf(!hasCompiler || process.arch !== 'x64').each([4, 8, 16])(
    'becomes vector instructions of its width, %i lanes, and stores past the caches (needs a compiler for x86)',
    (lanes) => {
      const schedule = nativeScheduleOf({ lanes, unroll: 2, prefetch: 0, streaming: true });
      const code = assembled(generateC(libraryKernel('relu', [4096]), schedule).source, lanes);
      expect(code).toMatch(/movntps/);
      expect(code).toMatch(/maxps/);
      const root = assembled(generateC(libraryKernel('rms-norm', [5, 64]), schedule).source, lanes);
      expect(root).toMatch(/sqrt[ps]s/);
      const halves = assembled(generateC(libraryKernel('relu', [4096], 'f16'), schedule).source, lanes);
      if (lanes > 4) expect(halves).toMatch(/vcvtph2ps.*vcvtps2ph/s);
    },
  );

  it('has no text of a user', () => {
    const { source } = generateC(twice('twice', 'x'), how);
    for (const name of [...knownNames, '*/ system("true"); /*', '"\n#include "/etc/passwd"\n"']) {
      if (name !== '') expect(generateC(twice('twice', name), how).source).toBe(source);
    }
  });

  it('asks for each cache line once, as far ahead as it is told', () => {
    const { source } = generateC(libraryKernel('relu', [4096]), how);
    const [, main] = source.split('do {');
    const asked = [...main.matchAll(/__builtin_prefetch\(\(\w+ \+ (\d+)\)\)/g)].map(([, bytes]) =>
      Number(bytes),
    );
    // Four registers of 64 bytes.
    expect(asked).toEqual([512, 576, 640, 704]);
  });

  it('streams results only where their addresses are known to be aligned', () => {
    expect(generateC(libraryKernel('vector-add', [1003]), how).streams).toBe(true);
    expect(generateC(libraryKernel('softmax', [5, 64]), how).streams).toBe(true);
    // Rows of 67 elements begin anywhere, and so do bytes and halves.
    expect(generateC(libraryKernel('softmax', [5, 67]), how).streams).toBe(false);
    expect(generateC(libraryKernel('vector-add', [1003], 'f16'), how).streams).toBe(false);
  });

  it('has a pipeline of rows where they begin with a reduction along whole registers, and nothing is changed in place', () => {
    const isOther = (kernel: Kernel) =>
      generateC(kernel, { ...how, pipelined: true }).source !== generateC(kernel, how).source;
    expect(isOther(libraryKernel('softmax', [5, 64]))).toBe(true);
    expect(isOther(scaledRows('output'))).toBe(true);
    for (const kernel of [
      libraryKernel('softmax', [5, 68]),
      libraryKernel('row-sum', [5, 64]),
      libraryKernel('gelu', [4096]),
      libraryKernel('matmul', [16, 64, 16]),
      scaledRows('inout'),
    ])
      expect(isOther(kernel), kernel.name).toBe(false);
  });

  it('shares elements in whole blocks and whole cache lines', () => {
    const { grain } = generateC(libraryKernel('relu', [4096]), nativeScheduleOf({ lanes: 8, unroll: 3 }));
    expect(grain).toBe(192);
    expect(generateC(libraryKernel('softmax', [8, 64]), how).grain).toBe(1);
  });
});

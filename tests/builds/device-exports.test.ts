// A program built from the exported files of a device takes the right branch for every kernel, shape and choice.
import { chmodSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Configuration } from '../../search-space/parameter.ts';
import { bestDocumentSchema, robustDocumentSchema } from '../../src/documents/best.ts';
import { exportDocumentSchema } from '../../src/documents/export.ts';
import { valueMacro } from '../../src/exporters/names.ts';
import { valueNumber } from '../../src/exporters/numbered-values.ts';
import { has, Workshop } from '../../src/languages/tools.fixture.ts';
import { inProcess } from '../cli/in-process.fixture.ts';

const workshop = new Workshop();
const at = (name: string): string => join(workshop.path, name);
const nightshift = (...words: readonly string[]) => inProcess(words, { NIGHTSHIFT_STORE: at('device.db') });

const SPACE = {
  name: 'conv',
  parameters: [
    { name: 'staging', values: ['direct', 'copy', 'dma'] },
    { name: 'tile', values: [256, 512], activeWhen: "staging != 'direct'" },
    { name: 'mode', values: ['auto', 'wide'] },
  ],
};

/** The fastest is a tile of 512, at the staging and mode that the first words name. */
const DEVICE = `#!/bin/sh
while read -r line; do
  time=1000
  case "$line" in *"\\"$1\\""*) ;; *) time=$((time + 500)) ;; esac
  case "$line" in *"\\"$2\\""*) ;; *) time=$((time + 200)) ;; esac
  case "$line" in *direct*) ;; *512*) time=$((time - 50)) ;; esac
  echo "{\\"timeUs\\": $time}"
done
`;

/** Two kernels of one name; DMA is the best nowhere. */
const STUDIES = [
  { dtype: 'f32', shape: '8x8', staging: 'direct', mode: 'auto' },
  { dtype: 'f32', shape: '16x16', staging: 'copy', mode: 'auto' },
  { dtype: 'f32', shape: '32x32', staging: 'copy', mode: 'wide' },
  { dtype: 'f16', shape: '8x8', staging: 'direct', mode: 'wide' },
  { dtype: 'f16', shape: '32x32', staging: 'direct', mode: 'wide' },
];

async function tuneConv(study: (typeof STUDIES)[number], ...more: readonly string[]): Promise<void> {
  const { dtype, shape, staging, mode } = study;
  const { code, stderr } = await nightshift(
    ...['tune', 'conv', '--space', at('space.json'), '--target', 'command:board', '--quiet'],
    ...['--shape', shape, '--dtype', dtype, '--serve', '--trials', '10', ...more, '--'],
    ...[at('device.sh'), staging, mode, `--size=${shape}`],
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
}

beforeAll(async () => {
  workshop.put('space.json', JSON.stringify(SPACE));
  workshop.put('device.sh', DEVICE);
  chmodSync(at('device.sh'), 0o755);
  for (const study of STUDIES) await tuneConv(study);
});

async function bestOf({ dtype, shape }: (typeof STUDIES)[number]): Promise<Configuration> {
  const { stdout } = await nightshift(
    ...['best', 'conv', '--dtype', dtype, '--shape', shape, '--target', 'board', '--format', 'json'],
  );
  return bestDocumentSchema.parse(JSON.parse(stdout)).configuration;
}

const CHOICES = [
  ['staging', ['direct', 'copy', 'dma']],
  ['mode', ['auto', 'wide']],
] as const;

/** Preprocessor branches and a comparison at run time, for one choice of one kernel and shape. */
function branches(dtype: string, shape: string): string {
  const kernel = `CONV_${dtype.toUpperCase()}`;
  const extents = shape.replace('x', ', ');
  return CHOICES.map(([parameter, values]) => {
    const macro = `NIGHTSHIFT_${kernel}_${shape.toUpperCase()}_${parameter.toUpperCase()}`;
    const built = values.map(
      (value) => `#if ${macro} == ${valueMacro(parameter, value)}\n  printf("${value} ");\n#endif`,
    );
    const asked = values.map(
      (value) =>
        `  if (nightshift_conv_${dtype}(${extents}).${parameter} == ${valueMacro(parameter, value)}) printf("${value} ");`,
    );
    return [...built, ...asked].join('\n');
  }).join('\n');
}

const PROGRAM = `#include <stdio.h>
#include "board.h"
${CHOICES.flatMap(([parameter, values]) =>
  values.map((value) => `#ifndef ${valueMacro(parameter, value)}\n#error "no ${value}"\n#endif`),
).join('\n')}
int main(void) {
${STUDIES.map(({ dtype, shape }) => `${branches(dtype, shape)}\n  printf("\\n");`).join('\n')}
  return 0;
}
`;

const STRICT = ['-Wall', '-Wextra', '-Wpedantic', '-Wundef', '-Wshadow', '-Wconversion', '-Werror'];
const COMPILERS = [
  ['gcc', '-std=c99'],
  ['g++', '-x', 'c++', '-std=c++17'],
  ['clang', '-std=c99', '-Wreserved-identifier'],
  ['clang++', '-x', 'c++', '-std=c++17', '-Wreserved-identifier'],
].filter(([compiler]) => has(compiler));

describe('a program with the header of a device', () => {
  beforeAll(async () => {
    expect((await nightshift('export', '--format', 'c-header', '-o', workshop.path)).code).toBe(0);
    workshop.put('program.c', PROGRAM);
  });
  it.each(COMPILERS)('takes every right branch, built by %s %s', async (compiler, ...flags) => {
    const built = workshop.perform(compiler, ...flags, ...STRICT, 'program.c', '-o', 'program');
    expect(built.stderr).toBe('');
    const expected = [];
    for (const study of STUDIES) {
      const { staging, mode } = await bestOf(study);
      expect([staging, mode]).toEqual([study.staging, study.mode]);
      expected.push(`${staging} ${staging} ${mode} ${mode} `);
    }
    expect(workshop.perform(at('program')).stdout).toBe(`${expected.join('\n')}\n`);
  });
  it('has one value a macro, and no reserved name', () => {
    const defined = [...readFileSync(at('board.h'), 'utf8').matchAll(/^#define (\w+)/gm)].map(
      ([, name]) => name,
    );
    expect(new Set(defined).size).toBe(defined.length);
    for (const [name] of readFileSync(at('board.h'), 'utf8').matchAll(/\b\w+\b/g))
      expect(name).not.toMatch(/^_|__|_t$/);
  });
});

describe('the number of a value', () => {
  it('follows from its name alone, and is no number that an undefined macro has', () => {
    expect(valueNumber('staging', 'copy')).toBe(1993316151);
    for (const value of ['a', 'b', '0', ''])
      expect(valueNumber('mode', value)).toBeGreaterThanOrEqual(2 ** 30);
  });
  it('makes an export fail if two values share it', async () => {
    const pair = ['v3374', 'v70970'];
    expect(new Set(pair.map((value) => valueNumber('mode', value))).size).toBe(1);
    workshop.put(
      'alike.json',
      JSON.stringify({ name: 'alike', parameters: [{ name: 'mode', values: pair }] }),
    );
    await nightshift(
      ...['tune', '--space', at('alike.json'), '--target', 'command:alike', '--trials', '2', '--quiet'],
      ...['--', 'sh', '-c', 'echo 5', '{mode}'],
    );
    const { code, stderr } = await nightshift('export', '-t', 'alike', '-f', 'c-header', '-o', at('alike'));
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('would both be') });
  });
});

describe('best for a device', () => {
  it('has one configuration for all measured shapes, whatever the commands were', async () => {
    const words = ['best', 'conv', '--dtype', 'f16', '--target', 'board', '--robust', '--format', 'json'];
    const { code, stdout, stderr } = await nightshift(...words);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { configuration, shapes } = robustDocumentSchema.parse(JSON.parse(stdout));
    expect(configuration).toMatchObject({ staging: 'direct', mode: 'wide' });
    expect(shapes.map(({ shape }) => shape)).toEqual(['8x8', '32x32']);
  });
});

describe('the files of a device', () => {
  it('say which parameters have no effect', async () => {
    await nightshift('export', '--format', 'json,env', '-o', workshop.path);
    const document = exportDocumentSchema.parse(JSON.parse(readFileSync(at('board.json'), 'utf8')));
    const [f16, f32] = document.kernels;
    expect(f16.shapes.map(({ withoutChoice }) => withoutChoice)).toEqual([['tile'], ['tile']]);
    expect(f32.shapes.map(({ withoutChoice }) => withoutChoice)).toEqual([['tile'], [], []]);
    expect(readFileSync(at('board.env'), 'utf8')).toContain(
      '# tile has no choice here (tile has an effect only when',
    );
  });
  it('have the results of every command under the name, each with its fingerprint', async () => {
    const document = exportDocumentSchema.parse(JSON.parse(readFileSync(at('board.json'), 'utf8')));
    const fingerprints = document.kernels.flatMap(({ shapes }) =>
      shapes.map(({ fingerprint }) => fingerprint),
    );
    expect(new Set(fingerprints).size).toBe(STUDIES.length);
    expect(document.leftOut).toEqual([]);
  });
  it('have a T4 file for every study, restricted ones too, and none for hexagon-mlir', async () => {
    await tuneConv(STUDIES[0], '--fix', 'staging=dma');
    const { stderr } = await nightshift('export', '--format', 't4,hexagon-mlir', '-o', at('t4'));
    expect(readdirSync(at('t4')).filter((name) => name.startsWith('conv-8x8-f32-board-'))).toHaveLength(2);
    expect(readdirSync(at('t4')).filter((name) => name.endsWith('.py'))).toEqual([]);
    expect(stderr).toContain('board: no file for hexagon-mlir');
  });
  it('are compared silently', async () => {
    const words = ['export', '--format', 'json,env,hexagon-mlir', '-t', 'board', '-o', at('checked')];
    await nightshift(...words);
    expect(await nightshift(...words, '--check')).toEqual({
      code: 0,
      stdout: '2 files up to date\n',
      stderr: '',
    });
  });
  it('leave out what was measured on another device or again, and say so on stderr and in their heads', async () => {
    await tuneConv(STUDIES[1], '--firmware', 'v2');
    const { stderr } = await nightshift('export', '--format', 'c-header', '-t', 'board', '-o', at('v2'));
    const reason =
      /left out conv f32 8x8: study \w+ is of the device with firmware '', and the latest has 'v2'/;
    expect(stderr).toMatch(reason);
    expect(readFileSync(at('v2/board.h'), 'utf8')).toMatch(/Left out: conv f32 8x8: study/);
  });
});

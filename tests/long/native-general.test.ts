import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LANES_HEADER } from '../../src/c/lanes-header.ts';
import { compareValues, defineKernel, exp, select } from '../../src/kernels/builder.ts';
import { expectClose } from '../../src/kernels/close.fixture.ts';
import type { Kernel } from '../../src/kernels/ir.ts';
import { randomInputs } from '../../src/kernels/random-inputs.ts';
import { evaluateKernel } from '../../src/kernels/reference.ts';
import { generalKernel } from '../../src/lowering/general/general-kernel.ts';
import { scheduleFlags, VARIANT_FLAGS } from '../../src/targets/native/flags.ts';
import { generateGeneralC } from '../../src/targets/native/generator/general.ts';
import { compiledFolder, hasCompiler } from '../../src/targets/native/machine-here.fixture.ts';
import { NATIVE_POLICY } from '../../src/targets/native/policy.ts';
import { nativeScheduleOf } from '../../src/targets/native/schedule-of.ts';

const folder = compiledFolder();

/** Its words are the extents, and behind -1 the bytes of the operands, which it reads and writes all. */
const MAIN = `
#include <stdio.h>
#include <stdlib.h>
int main(int count, char **words) {
  long extents[8];
  char *at[8];
  int n = 1, operands = 0;
  for (; atol(words[n]) >= 0; n++) extents[n - 1] = atol(words[n]);
  if (!has_shape(extents)) return 3;
  const int first = n + 1;
  for (n = first; n < count; n++) {
    at[operands] = malloc((size_t)atol(words[n]));
    if (fread(at[operands++], 1, (size_t)atol(words[n]), stdin) != (size_t)atol(words[n])) return 4;
  }
  char *scratch = malloc((size_t)scratch_bytes(extents));
  general(extents, scratch, at);
  free(scratch);
  for (n = first; n < count; n++) {
    fwrite(at[n - first], 1, (size_t)atol(words[n]), stdout);
    free(at[n - first]);
  }
  return 0;
}
`;

type Family = (shape: readonly number[]) => Kernel;

/** Compiles the general code of kernels of f32 under the sanitizers; the result runs it at a shape. */
function compiled(build: Family, rank: number, configuration: Readonly<Record<string, number | boolean>>) {
  const general = generalKernel(build, rank, NATIVE_POLICY);
  if (general === undefined) throw new Error('there is no general kernel');
  const how = nativeScheduleOf(configuration);
  const { lanes, code } = generateGeneralC(general, how);
  const program = join(folder, `program-${build(Array.from({ length: rank }, () => 4)).name}-${lanes}`);
  const strict = ['-Wall', '-Wextra', '-Werror', '-Wno-psabi', '-fsanitize=address,undefined', '-O1'];
  const words = [...VARIANT_FLAGS, ...scheduleFlags(how), ...strict, '-x', 'c', '-o', program, '-', '-lm'];
  const input = `#define LANES ${lanes}\n${LANES_HEADER}\n${code}${MAIN}`;
  const { stderr } = spawnSync('cc', words, { input, encoding: 'utf8' });
  expect(stderr).toBe('');
  return (shape: readonly number[]) => {
    const kernel = build(shape);
    const data = randomInputs(kernel, 1);
    const arrays = kernel.operands.map(({ name, elements }) =>
      Float32Array.from(data[name] ?? new Float64Array(elements).fill(Number.NaN)),
    );
    const sizes = arrays.map(({ byteLength }) => byteLength);
    const run = spawnSync(program, [...shape, -1, ...sizes].map(String), {
      input: Buffer.concat(arrays.map(({ buffer }) => Buffer.from(buffer))),
      maxBuffer: 2 ** 26,
    });
    expect({ status: run.status, stderr: String(run.stderr) }).toEqual({ status: 0, stderr: '' });
    const expected = evaluateKernel(kernel, data);
    let at = 0;
    kernel.operands.forEach(({ name, role, elements }) => {
      const got = new Float32Array(new Uint8Array(run.stdout).slice(at, at + 4 * elements).buffer);
      if (role !== 'input') expectClose(Float64Array.from(got), expected[name], 1e-5);
      at += 4 * elements;
    });
  };
}

/** Indices as numbers, a mask of a store, several kept values of different sizes, and loads with a stride. */
const causal: Family = (shape) =>
  defineKernel('causal', { shape, dtype: 'f32' }, (k) => {
    const [r, c] = shape;
    const [i, j] = [k.dimension('i', r), k.dimension('j', c)];
    const x = k.input('x', 'f32', [r, c]).at(i, j);
    const place = k.index(i.times(c).plus(j)).to('f32');
    const seen = select(compareValues('le', k.index(j), k.index(i)), x, k.constant(-1e30, 'f32'));
    const power = exp(seen.sub(k.max(seen, j)));
    const total = k.sum(power, j);
    k.store(k.output('out', 'f32', [r, c]), [i, j], power.div(total));
    k.store(k.output('place', 'f32', [r, c]), [i, j], place);
  });

const columns: Family = (shape) =>
  defineKernel('columns', { shape, dtype: 'f32' }, (k) => {
    const [r, c] = shape;
    const [i, j] = [k.dimension('i', r), k.dimension('j', c)];
    const x = k.input('x', 'f32', [c, r]).at(j, i);
    const out = k.inout('out', 'f32', [r, c]);
    k.store(out, [i, j], x.mul(2), k.index(j).lt(k.index(i)));
    k.store(k.output('sums', 'f32', [c]), [j], k.sum(x, i));
  });

describe.skipIf(!hasCompiler)('general C (needs a compiler)', () => {
  it.each([
    ['causal', causal, { lanes: 1 }],
    ['causal', causal, { lanes: 4, unroll: 3 }],
    ['columns', columns, { lanes: 4, unroll: 2 }],
  ] as const)('of %s agrees with the float64 reference at every shape', (_, build, configuration) => {
    const check = compiled(build, 2, configuration);
    for (const shape of [
      [1, 1],
      [1, 37],
      [37, 1],
      [5, 67],
      [16, 64],
      [3, 519],
    ])
      check(shape);
  });
});

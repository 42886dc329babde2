import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LANES_HEADER } from '../../src/c/lanes-header.ts';
import { roundTo } from '../../src/kernels/round.ts';
import { COMMON_FLAGS } from '../../src/targets/native/flags.ts';
import { compiledFolder, hasCompiler } from '../../src/targets/native/machine-here.fixture.ts';

const folder = compiledFolder();

/** Writes what every f16 number is as f32, then what the f32 numbers that it reads are as f16: scalars and lanes. */
const MAIN = `
#include <stdio.h>
int main(void) {
  for (int n = 0; n < 65536; n++) {
    U16 bits = {0};
    bits[LANES - 1] = (uint16_t)n;
    const float both[] = {from_half_s((uint16_t)n), from_half_w(bits)[LANES - 1]};
    fwrite(both, sizeof *both, 2, stdout);
  }
  for (float x; fread(&x, sizeof x, 1, stdin) == 1;) {
    const uint16_t both[] = {to_half_s(x), to_half_w(splat_f(x))[LANES - 1]};
    fwrite(both, sizeof *both, 2, stdout);
  }
  return 0;
}
`;

/** An f16 number by its bits. */
function half(bits: number): number {
  const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
  const sign = bits >= 0x8000 ? -1 : 1;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (exponent === 0 ? fraction : 1024 + fraction) * 2 ** (Math.max(1, exponent) - 25);
}

/** Around every f16 number that is finite, halfway to the next and beside that, where rounding is decided. */
const floats = Float32Array.from(
  Array.from({ length: 65536 }, (_, bits) => half(bits))
    .filter(Number.isFinite)
    .flatMap((x, n, all) => {
      const middle = (x + (all[n + 1] ?? 0)) / 2;
      return [x, middle, middle * (1 + 2 ** -20), middle * (1 - 2 ** -20)];
    })
    .concat(65519.99, 65520, -65520, 1e30, 2 ** -26, Number.POSITIVE_INFINITY, Number.NaN, -0),
);

const isX86 = process.arch === 'x64';
describe.skipIf(!hasCompiler)('conversions of f16 (need a compiler)', () => {
  it.each([
    ['by instructions, where this processor has them', '-march=native', 4],
    ['by instructions, where this processor has them', '-march=native', 8],
    ['by instructions, where this processor has them', '-march=native', 16],
    ...(isX86
      ? ([
          ['by arithmetic', '-march=x86-64', 4],
          ['by arithmetic', '-march=x86-64', 16],
        ] as const)
      : []),
  ] as const)('are exact %s: %s, %i lanes', (_, architecture, lanes) => {
    const program = join(folder, `halves${architecture}-${lanes}`);
    const flags = [...COMMON_FLAGS.filter((flag) => !flag.startsWith('-march')), architecture, '-Wno-psabi'];
    const input = `#define LANES ${lanes}\n${LANES_HEADER}${MAIN}`;
    const built = spawnSync('cc', [...flags, '-x', 'c', '-o', program, '-', '-lm'], {
      input,
      encoding: 'utf8',
    });
    expect(built.stderr).toBe('');
    const { status, stdout } = spawnSync(program, { input: Buffer.from(floats.buffer), maxBuffer: 2 ** 24 });
    expect(status).toBe(0);
    const data = new Uint8Array(stdout).buffer;
    const loaded = new Float32Array(data, 0, 2 * 65536);
    expect(loaded.findIndex((x, n) => !Object.is(x, half(n >> 1)))).toBe(-1);
    const stored = new Uint16Array(data, 8 * 65536);
    expect(stored.length).toBe(2 * floats.length);
    expect(stored.findIndex((bits, n) => !Object.is(half(bits), roundTo('f16', floats[n >> 1])))).toBe(-1);
    expect(stored[stored.length - 3]).toBe(0x7e00);
  });
});

import { describe, expect, it } from 'vitest';
import { defineKernel, type Expr } from '../../kernels/builder.ts';
import * as functions from '../../kernels/functions.ts';
import type { Kernel } from '../../kernels/ir.ts';
import { evaluateKernel } from '../../kernels/reference.ts';
import { Harness } from './harness.fixture.ts';

const COUNT = 1 << 18;

/** Evenly spaced arguments, exact in f32. */
function arguments_(from: number, to: number): Float64Array<ArrayBuffer> {
  return Float64Array.from({ length: COUNT }, (_, n) => Math.fround(from + ((to - from) * n) / COUNT));
}

function unaryKernel(name: string, f: (x: Expr) => Expr): Kernel {
  return defineKernel(name, { shape: [COUNT], dtype: 'f32' }, (k) => {
    const i = k.dimension('i', COUNT);
    k.store(k.output('out', 'f32', [COUNT]), [i], f(k.input('x', 'f32', [COUNT]).at(i)));
  });
}

/** Results of four lanes for the arguments, and those in float64. */
async function compute(kernel: Kernel, x: Float64Array<ArrayBuffer>) {
  const block = new Uint8Array(Float32Array.from(x).buffer);
  const harness = new Harness(kernel, (setup) => ({
    ...setup,
    contents: setup.contents.map((content) => (content.block === null ? content : { ...content, block })),
  }));
  const bytes = await harness.bytes({ lanes: 4 }, 'out');
  return { got: new Float32Array(Uint8Array.from(bytes).buffer), want: evaluateKernel(kernel, { x }).out };
}

/** Units in the last place of f32 at a value. */
function ulp(value: number): number {
  return 2 ** (Math.floor(Math.log2(Math.max(Math.abs(value), 2 ** -126))) - 23);
}

const worst = (got: ArrayLike<number>, want: Float64Array, unit: (value: number) => number): number =>
  want.reduce((most, value, n) => Math.max(most, Math.abs(got[n] - value) / unit(value)), 0);

describe('elementary functions are within their stated errors', () => {
  it.each([
    ['exp', functions.exp, -87.3, 88.3, 1.2],
    ['exp2', functions.exp2, -125.9, 127.4, 1.2],
    ['log', functions.log, 2, 1e6, 1],
    ['log2', functions.log2, 2, 1e6, 1.6],
    ['tanh', functions.tanh, -10, 10, 2],
  ] as const)('%s in units in the last place', async (name, f, from, to, limit) => {
    const { got, want } = await compute(unaryKernel(name, f), arguments_(from, to));
    expect(worst(got, want, ulp)).toBeLessThanOrEqual(limit);
  });

  it.each([
    ['erf', functions.erf, -6, 6, 6e-7],
    ['erf of a multiple', (x: Expr) => functions.erf(x.mul(-Math.SQRT1_2)), -9, 9, 6e-7],
    ['x · (1 + erf x)', (x: Expr) => x.mul(functions.erf(x).add(1)).mul(0.5), -9, 1, 6e-7],
    ['log', functions.log, 0.5, 2, 1e-7],
    ['sin', functions.sin, -8000, 8000, 2e-7],
    ['cos', functions.cos, -8000, 8000, 2e-7],
  ] as const)('%s absolutely', async (name, f, from, to, limit) => {
    const { got, want } = await compute(unaryKernel(name, f), arguments_(from, to));
    expect(worst(got, want, () => 1)).toBeLessThanOrEqual(limit);
  });

  it('handles infinities, zeros and NaN', async () => {
    const given = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -1, 200, -200];
    const x = Float64Array.from({ length: COUNT }, (_, n) => given[n % given.length]);
    const edges = async (name: string, f: (value: Expr) => Expr) =>
      Array.from((await compute(unaryKernel(name, f), x)).got.subarray(0, given.length));
    const inf = Number.POSITIVE_INFINITY;
    expect(await edges('exp', functions.exp)).toEqual([
      Number.NaN,
      inf,
      0,
      1,
      Math.fround(Math.exp(-1)),
      inf,
      0,
    ]);
    expect((await edges('log', functions.log)).slice(0, 5)).toEqual([
      Number.NaN,
      inf,
      Number.NaN,
      -inf,
      Number.NaN,
    ]);
    expect((await edges('tanh', functions.tanh)).slice(0, 4)).toEqual([Number.NaN, 1, -1, 0]);
    expect((await edges('relu', (value) => value.max(0))).slice(0, 5)).toEqual([Number.NaN, inf, 0, 0, 0]);
    const gelu = (x: Expr) => x.mul(0.5).mul(functions.erf(x.mul(Math.SQRT1_2)).add(1));
    const [none, most, least, nothing] = await edges('gelu', gelu);
    expect([none, most, nothing]).toEqual([Number.NaN, inf, 0]);
    expect(Math.abs(least)).toBeLessThan(1e-6);
    const [bad, above, below, zero] = await edges('erf', functions.erf);
    expect([bad, zero]).toEqual([Number.NaN, 0]);
    expect([above - 1, below + 1].map(Math.abs).every((error) => error < 6e-7)).toBe(true);
  });
});

describe('storage converts by IEEE 754', () => {
  it('reads and writes every f16', async () => {
    const kernel = defineKernel('copy', { shape: [65536], dtype: 'f16' }, (k) => {
      const i = k.dimension('i', 65536);
      k.store(k.output('out', 'f16', [65536]), [i], k.input('x', 'f16', [65536]).at(i).mul(1));
    });
    const all = new Uint8Array(Uint16Array.from({ length: 65536 }, (_, n) => n).buffer);
    for (const lanes of [1, 8]) {
      const harness = new Harness(kernel, (setup) => ({
        ...setup,
        contents: setup.contents.map((content) =>
          content.block === null ? content : { ...content, block: all },
        ),
      }));
      const got = new Uint16Array(Uint8Array.from(await harness.bytes({ lanes }, 'out')).buffer);
      got.forEach((bits, n) => {
        if ((n & 0x7c00) === 0x7c00 && (n & 0x3ff) !== 0) expect(bits & 0x7c00).toBe(0x7c00);
        else if (bits !== n) expect(bits).toBe(n);
      });
    }
  });
});

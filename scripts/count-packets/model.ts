import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { defineKernel } from '../../src/kernels/builder.ts';
import type { Expr } from '../../src/kernels/expression.ts';
import type { Kernel } from '../../src/kernels/ir.ts';
import { loadTarget } from '../../src/targets/npu/machine/load.ts';
import { loweredForNpu } from '../../src/targets/npu/policy.ts';
import { makeBody } from '../../src/targets/npu/simulator/body.ts';
import { OPS } from './count.ts';

/** Packets for an element: of real object code, and of the simulator. */
export type ComparedPackets = Readonly<{
  op: string;
  code: 'scalar' | 'qfloat' | 'ieee';
  interleave: number | 'as clang chooses';
  counted: number;
  simulated: number;
}>;

const schema = z.strictObject({
  note: z.string(),
  compiler: z.string(),
  counted: z.string(),
  rows: z.array(
    z.strictObject({
      op: z.string(),
      code: z.enum(['scalar', 'qfloat', 'ieee']),
      interleave: z.union([z.int(), z.literal('as clang chooses')]),
      packetsPerElement: z.number().positive(),
    }),
  ),
});

/** The counts that are kept with this program. */
export function keptCounts(): z.output<typeof schema> {
  const path = new URL('../data/hexagon-packets.json', import.meta.url);
  return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
}

/** Every kept count beside the simulator's; scalar code is compared without unrolling, which clang chooses by itself. */
export function comparedPackets(): readonly ComparedPackets[] {
  return keptCounts().rows.map(({ op, code, interleave, packetsPerElement }) => {
    const unroll = typeof interleave === 'number' ? interleave : 1;
    return { op, code, interleave, counted: packetsPerElement, simulated: simulated(op, code, unroll) };
  });
}

const N = 4096;
const target = loadTarget('hexagon-v73');
const kernels = new Map<string, Kernel>(OPS.map((op) => [op, kernelOf(op)]));

function simulated(op: string, code: ComparedPackets['code'], unroll: number): number {
  const kernel = kernels.get(op);
  if (kernel === undefined) throw new Error(`no loop is called ${op}`);
  const ops = {
    ...target.ops,
    vectorFloats: code === 'ieee' ? ('ieee' as const) : ('qfloat' as const),
    vectorDivision: op === 'gelud' ? ('scalar' as const) : ('newton' as const),
  };
  const width = code === 'scalar' ? 0 : target.vector.bytes;
  const { lanes, unrolled } = makeBody(loweredForNpu(kernel).nests[0], { ...target, ops }, width, unroll);
  return unrolled.issue / unroll / lanes;
}

/** The loops of loops.c as kernels. */
function kernelOf(op: string): Kernel {
  return defineKernel(op, { shape: [N], dtype: 'f32' }, (k) => {
    const i = k.dimension('i', N);
    const x = k.input('x', 'f32', [N]).at(i);
    const whole = (value: Expr) => k.store(k.output('o', 'f32', [N]), [i], value);
    const single = (value: Expr) => k.store(k.output('o', 'f32', [1]), [0], value);
    if (op === 'sum') return single(k.sum(x, i));
    if (op === 'vmaxr') return single(k.max(x, i));
    if (op === 'vadd' || op === 'axpy' || op === 'dot') {
      const y = k.input('y', 'f32', [N]).at(i);
      if (op === 'dot') return single(k.sum(x.mul(y), i));
      return whole(op === 'vadd' ? x.add(y) : x.mul(2.5).add(y));
    }
    return whole(elementwise(op, x));
  });
}

function elementwise(op: string, x: Expr): Expr {
  if (op === 'relu') return x.max(0);
  if (op === 'poly') return horner(x, [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]);
  if (op === 'expk') return exponential(x);
  const v = x.mul(Math.SQRT1_2).max(-3.65).min(3.65);
  const t = v.mul(v);
  const half = x.mul(0.5);
  if (op === 'gelu')
    return half.mul(
      horner(
        t,
        [1, 2, 3, 4, 5, 6, 7, 8].map((n) => n / 10),
      )
        .mul(v)
        .add(1),
    );
  const below = horner(t.add(109.3), [1358.1, 9564.8, 37964.9, 66626.3], t);
  return half.mul(horner(t, [16.2, 432.4, 4029.2, 17779.4, 75179.7]).mul(v).div(below).add(1));
}

/**
 * As clang compiles it under -ffast-math, which adds the two parts of ln 2 up again. The IR does not add to a float's
 * bits: a maximum, also one simple operation, stands for that; its shift is left out.
 */
function exponential(x: Expr): Expr {
  const v = x.max(-88).min(89);
  const shifted = v.mul(Math.LOG2E).add(12583039);
  const whole = shifted.sub(12583039);
  const rest = v.sub(whole.mul(Math.LN2));
  return horner(rest, [1, 2, 3, 4, 5, 6, 7]).max(shifted);
}

/** Horner's rule in x, the highest coefficient first; `first` begins instead of it. */
function horner(first: Expr, coefficients: readonly number[], x?: Expr): Expr {
  if (x !== undefined) return coefficients.reduce((sum, c) => sum.mul(x).add(c), first);
  const [highest, next, ...rest] = coefficients;
  return rest.reduce((sum, c) => sum.mul(first).add(c), first.mul(highest).add(next));
}

import type { Kernel } from '../../../kernels/ir.ts';
import type { Extents, LoopNest } from '../../../lowering/lowered-kernel.ts';
import type { SimulatedTarget } from '../machine/schema.ts';
import { loweredForNpu } from '../policy.ts';
import { makeBody } from './body.ts';
import { homeShares, usPerByte } from './residency.ts';

/** Lower bounds on the time of any configuration, in µs. */
type Roofline = Readonly<{
  /** Every byte of every operand once, at the full bandwidth of the level that holds it. */
  memoryUs: number;
  /** Every operation once, in full packets, on all vector units (or on all contexts, where scalar code is faster). */
  computeUs: number;
}>;

/** The two bounds of the roofline model (Williams, Waterman and Patterson, CACM 52 (2009) 4) for a kernel on a target. */
export function roofline(kernel: Kernel, target: SimulatedTarget): Roofline {
  const { nests, extents, operands } = loweredForNpu(kernel);
  const footprint = operands.reduce((sum, one) => sum + one.elements * one.elementBytes, 0);
  const shares = homeShares(footprint, target.memory, target.measurement.residency);
  const memoryUs = footprint * usPerByte(shares, (level) => target.memory[level].totalGBs);
  const cycles = nests.reduce((sum, nest) => sum + leastCycles(nest, extents, target), 0);
  return { memoryUs, computeUs: cycles / target.clockGHz / 1000 };
}

function leastCycles(nest: LoopNest, extents: Extents, target: SimulatedTarget): number {
  const points = nest.loops.reduce((product, loop) => product * extents[loop], 1);
  const widths = [0, target.vector.bytes, ...(target.vector.pairs ? [2 * target.vector.bytes] : [])];
  let least = Number.POSITIVE_INFINITY;
  for (const width of widths) {
    const workers = width === 0 ? target.contexts : Math.min(target.contexts, target.vectorUnits);
    for (const unroll of target.compiler.unrolls) {
      const { lanes, unrolled, single } = makeBody(nest, target, width, unroll);
      const each = Math.min(unrolled.issue / unroll, single.issue);
      least = Math.min(least, (points / lanes / workers) * each);
    }
  }
  return least;
}

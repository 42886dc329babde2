import type { Extents, LoopNest } from '../../../lowering/lowered-kernel.ts';
import type { Body } from './body.ts';
import { countedCycles } from './counted.ts';
import type { PacketCost } from './packets.ts';

/** Cycles to enter an innermost loop: set up the hardware loop and its addresses. */
const LOOP_START = 4;
/** Cycles of each iteration besides its body: the hardware loop is free, one packet moves the addresses. */
const LOOP_STEP = 1;

/** Cycles of a nest over `extents`, and how many scalar memory accesses it makes. */
type NestCost = Readonly<{ cycles: number; scalarAccesses: number }>;

/**
 * The cost of one nest. `threadsPerUnit` ≥ 1 threads issue through one vector unit: their latencies
 * overlap, but their packets are issued one after the other.
 */
export function nestCost(
  nest: LoopNest,
  body: Body,
  unroll: number,
  extents: Extents,
  threadsPerUnit: number,
): NestCost {
  const cyclesOf = ({ cycles, issue }: PacketCost) => Math.max(cycles, issue * threadsPerUnit);
  let outer = 1;
  let accumulated = 1;
  for (const loop of nest.loops) {
    if (loop === nest.vector || loop === nest.unroll) continue;
    if (nest.over.has(loop)) accumulated *= extents[loop];
    else outer *= extents[loop];
  }
  const vectors = Math.ceil(extents[nest.vector] / body.lanes);
  const own = nest.unroll === nest.vector;
  const copies = own ? vectors : extents[nest.unroll];
  const around = accumulated * (own ? 1 : vectors);
  if (body.counted !== undefined) {
    const stalls = (cost: PacketCost): number => cost.cycles - cost.issue;
    const cycles = countedCycles(
      nest,
      body.counted,
      extents,
      { vectors, accumulated, unroll },
      (count, isUnrolled) =>
        Math.max(
          count.inner + stalls(isUnrolled ? body.unrolled : body.single),
          count.inner * threadsPerUnit,
        ),
    );
    return { cycles: outer * cycles, scalarAccesses: outer * around * copies * body.scalarAccesses };
  }
  const full = Math.floor(copies / unroll);
  const rest = copies % unroll;
  const enter = own ? 0 : LOOP_START;
  const whole = around * (cyclesOf(body.unrolled) + LOOP_STEP) + enter;
  const single = around * (cyclesOf(body.single) + LOOP_STEP) + enter;
  const perOuter =
    full * whole +
    // What is left over runs as single bodies, or masked in one more unrolled body where that is shorter.
    Math.min(rest * single, whole) +
    (LOOP_START - enter) +
    copiesOutside(nest, extents) * (cyclesOf(body.before) + cyclesOf(body.after));
  return { cycles: outer * perOuter, scalarAccesses: outer * around * copies * body.scalarAccesses };
}

/** How often one iteration of the outer loops enters the inner loops. */
function copiesOutside(nest: LoopNest, extents: Extents): number {
  return nest.unroll !== nest.vector && !nest.over.has(nest.unroll) ? extents[nest.unroll] : 1;
}

/** Bytes that the bodies of a nest load and store, register by register. */
export function bodyBytes(nest: LoopNest, body: Body, unroll: number, extents: Extents): number {
  let total = 0;
  for (const { strides, offsets, elementBytes } of nest.accesses) {
    const moves = (loop: string) => (strides[loop] ?? 0) !== 0;
    const inside = moves(nest.vector) || [...nest.over].some(moves);
    let times = 1;
    for (const loop of nest.loops) {
      const isInner = loop === nest.vector || nest.over.has(loop);
      if (isInner && !inside) continue;
      if (loop === nest.vector && !moves(loop)) times *= Math.ceil(extents[loop] / body.lanes);
      else if (loop === nest.unroll && !moves(loop)) times *= Math.ceil(extents[loop] / unroll);
      else times *= extents[loop];
    }
    total += times * elementBytes * offsets.length;
  }
  return total;
}

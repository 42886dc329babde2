import type { Body } from './body.ts';
import type { PacketCost } from './packets.ts';
import type { Pass } from './pass.ts';
import type { Extents } from './traffic.ts';

/** Cycles to enter an innermost loop: set up the hardware loop and its addresses. */
const LOOP_START = 4;
/** Cycles of each iteration besides its body: the hardware loop is free, one packet moves the addresses. */
const LOOP_STEP = 1;

/** Cycles of a pass over `extents`, and how many scalar memory accesses it makes. */
type PassCost = Readonly<{ cycles: number; scalarAccesses: number }>;

/**
 * The cost of one pass. `threadsPerUnit` ≥ 1 threads issue through one vector unit: their latencies
 * overlap, but their packets are issued one after the other.
 */
export function passCost(
  pass: Pass,
  body: Body,
  unroll: number,
  extents: Extents,
  threadsPerUnit: number,
): PassCost {
  const cyclesOf = ({ cycles, issue }: PacketCost) => Math.max(cycles, issue * threadsPerUnit);
  let outer = 1;
  let accumulated = 1;
  for (const loop of pass.loops) {
    if (loop === pass.vector || loop === pass.unroll) continue;
    if (pass.over.has(loop)) accumulated *= extents[loop];
    else outer *= extents[loop];
  }
  const vectors = Math.ceil(extents[pass.vector] / body.lanes);
  const own = pass.unroll === pass.vector;
  const copies = own ? vectors : extents[pass.unroll];
  const around = accumulated * (own ? 1 : vectors);
  const full = Math.floor(copies / unroll);
  const rest = copies % unroll;
  const perOuter =
    around * (full * (cyclesOf(body.unrolled) + LOOP_STEP) + rest * (cyclesOf(body.single) + LOOP_STEP)) +
    LOOP_START * (own ? 1 : full + rest) +
    copiesOutside(pass, extents) * (cyclesOf(body.before) + cyclesOf(body.after));
  return { cycles: outer * perOuter, scalarAccesses: outer * around * copies * body.scalarAccesses };
}

/** How often one iteration of the outer loops enters the inner loops. */
function copiesOutside(pass: Pass, extents: Extents): number {
  return pass.unroll !== pass.vector && !pass.over.has(pass.unroll) ? extents[pass.unroll] : 1;
}

/** Bytes that the bodies of a pass load and store, register by register. */
export function bodyBytes(pass: Pass, body: Body, unroll: number, extents: Extents): number {
  let total = 0;
  for (const { strides, elementBytes } of pass.accesses) {
    const moves = (loop: string) => (strides[loop] ?? 0) !== 0;
    const inside = moves(pass.vector) || [...pass.over].some(moves);
    let times = 1;
    for (const loop of pass.loops) {
      const isInner = loop === pass.vector || pass.over.has(loop);
      if (isInner && !inside) continue;
      if (loop === pass.vector && !moves(loop)) times *= Math.ceil(extents[loop] / body.lanes);
      else if (loop === pass.unroll && !moves(loop)) times *= Math.ceil(extents[loop] / unroll);
      else times *= extents[loop];
    }
    total += times * elementBytes;
  }
  return total;
}

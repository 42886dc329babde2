import type { Extents, LoopNest, LoweredKernel } from '../../../lowering/lowered-kernel.ts';
import type { SimulatedSchedule } from './schedule.ts';

/** Packets of one iteration of an innermost loop, and around each time that it is entered. */
type LoopCount = Readonly<{ inner: number; prologue: number; tail: number }>;

/** The packets of a nest, counted in object code: of its interleaved body, and of a single one. */
export type CountedNest = Readonly<{ unrolled: LoopCount; single: LoopCount }>;

/** The counts of a kernel's nests for a schedule; undefined where its code has none. */
export type CountedCode = (schedule: SimulatedSchedule) => readonly CountedNest[] | undefined;

const counted = new WeakMap<LoweredKernel, CountedCode>();

/** From now on, this kernel's packets are those of object code. */
export function useCountedPackets(lowered: LoweredKernel, code: CountedCode): void {
  counted.set(lowered, code);
}

/** The packets of a nest; undefined where they are to be modelled. */
export function countedNest(
  lowered: LoweredKernel,
  place: number,
  schedule: SimulatedSchedule,
): CountedNest | undefined {
  return counted.get(lowered)?.(schedule)?.[place];
}

/** Cycles of one iteration of an innermost loop, from its packets: with its stalls, on a shared unit. */
type CyclesOf = (count: LoopCount, isUnrolled: boolean) => number;

/**
 * Cycles of one iteration of a nest's outer loops, where packets are counted: those of the innermost loop in each of its
 * iterations, those around it each time that it is entered. What is left over runs as single bodies, or masked in one more
 * interleaved body where that is shorter.
 */
export function countedCycles(
  nest: LoopNest,
  { unrolled, single }: CountedNest,
  extents: Extents,
  shape: Readonly<{ vectors: number; accumulated: number; unroll: number }>,
  cyclesOf: CyclesOf,
): number {
  const { vectors, accumulated, unroll } = shape;
  const isOwn = nest.unroll === nest.vector;
  const alongVector = nest.over.size === 0 || nest.over.has(nest.vector);
  const copies = isOwn ? vectors : extents[nest.unroll];
  const around = accumulated * (isOwn ? 1 : vectors);
  const innermost = alongVector ? vectors : extents[[...nest.over].at(-1) ?? nest.vector];
  const cycles = (count: LoopCount, bodies: number, isUnrolled: boolean): number => {
    if (bodies === 0) return 0;
    const turns = isOwn && alongVector ? bodies : innermost;
    const entries = (bodies * around) / turns;
    return bodies * around * cyclesOf(count, isUnrolled) + entries * (count.prologue + count.tail);
  };
  const full = Math.floor(copies / unroll);
  const rest = copies % unroll;
  const whole = cycles(unrolled, full, true);
  if (rest === 0) return whole;
  return Math.min(whole + cycles(single, rest, false), cycles(unrolled, full + 1, true));
}

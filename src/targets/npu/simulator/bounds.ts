import type { Configuration } from '../../../../search-space/parameter.ts';
import type { Kernel } from '../../../kernels/ir.ts';
import { formatShape } from '../../../kernels/shape.ts';
import type { LoopNest } from '../../../lowering/lowered-kernel.ts';
import type { Body } from './body.ts';
import { entry } from './kept.ts';
import { matrixWorkOf } from './matrix-work.ts';
import { usPerByte } from './residency.ts';
import type { SimulatedSchedule } from './schedule.ts';
import type { WorkModel } from './work.ts';

/** Rounding of a sum of many times. */
const SLACK = 1e-6;

/** The two bounds of the roofline model (Williams, Waterman and Patterson, CACM 52 (2009) 4) on a call, in µs. */
export type LeastTimes = Readonly<{
  /** Every byte that is touched once, at the full bandwidth of the levels that hold it. */
  memoryUs: number;
  /** Every operation once, in full packets, on all units that the threads have. */
  computeUs: number;
}>;

/** By the loop bodies that they are counted of. */
const packets = new WeakMap<WorkModel['bodies'], Map<string, number>>();

/** What a call in a schedule takes at least. */
export function leastTimes(model: WorkModel, schedule: SimulatedSchedule): LeastTimes {
  const { target } = model;
  const memoryUs = model.touchedBytes * usPerByte(model.home, (level) => target.memory[level].totalGBs);
  const leastUs = (cycles: number): number => cycles / target.clockGHz / 1000;
  if (schedule.unit === 'matrix') return { memoryUs, computeUs: leastUs(leastProducts(model)) };
  const units = schedule.vectorBytes === 0 ? target.contexts : Math.min(target.contexts, target.vectorUnits);
  const workers = Math.min(schedule.threads, units);
  return { memoryUs, computeUs: leastUs(leastPackets(model, schedule) / workers) };
}

/** Cycles of the matrix unit for all multiply-adds, if none of what it multiplies were filling. */
function leastProducts(model: WorkModel): number {
  const { product, unit } = matrixWorkOf(model);
  const { extents, single } = model.lowered;
  const loops = [...single, product.row, product.column, product.depth];
  return loops.reduce((all, loop) => all * extents[loop], unit.productCycles / unit.tile ** 3);
}

function leastPackets(model: WorkModel, schedule: SimulatedSchedule): number {
  const known = entry(packets, model.bodies, () => new Map());
  const key = `${schedule.vectorBytes}:${schedule.unroll}:${Object.values(schedule.code).join(' ')}`;
  let least = known.get(key);
  if (least === undefined) {
    const ofNest = (nest: LoopNest, place: number) =>
      packetsOf(nest, model.body(place, schedule), schedule.unroll, model);
    least = model.lowered.nests.reduce((sum, nest, place) => sum + ofNest(nest, place), 0);
    known.set(key, least);
  }
  return least;
}

function packetsOf(
  nest: LoopNest,
  { lanes, unrolled, single, counted }: Body,
  unroll: number,
  model: WorkModel,
): number {
  const points = nest.loops.reduce((product, loop) => product * (model.lowered.extents[loop] ?? 1), 1);
  const copies = counted?.unrolled.inner ?? unrolled.issue;
  return (points / lanes) * Math.min(copies / unroll, counted?.single.inner ?? single.issue);
}

/**
 * Throws where a time is below what its bytes or its operations take: an internal error, whose message has the
 * call that repeats it.
 */
export function requirePossible(
  timeUs: number,
  kernel: Kernel,
  model: WorkModel,
  configuration: Configuration,
  schedule: SimulatedSchedule,
): void {
  const { memoryUs, computeUs } = leastTimes(model, schedule);
  if (timeUs >= Math.max(memoryUs, computeUs) * (1 - SLACK)) return;
  const [what, least] = memoryUs > computeUs ? ['bytes', memoryUs] : ['operations', computeUs];
  const settings = Object.entries(configuration).map(([name, value]) => `--set ${name}=${value}`);
  const { name, shape, dtype } = kernel;
  throw new Error(
    `internal error: a simulated time of ${timeUs} µs is less than the ${least} µs that its ${what} take; repeat it by: ` +
      `nightshift simulate ${name} --shape ${formatShape(shape)} --dtype ${dtype} --target ${model.target.name} ${settings.join(' ')}`,
  );
}

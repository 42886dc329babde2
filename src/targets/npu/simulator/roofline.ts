import type { Configuration } from '../../../../search-space/parameter.ts';
import type { SpaceDefinition } from '../../../../search-space/space-definition.ts';
import type { Kernel } from '../../../kernels/ir.ts';
import type { ProductUnit, SimulatedTarget } from '../machine/schema.ts';
import { npuSpace } from '../space/space.ts';
import { type LeastTimes, leastTimes } from './bounds.ts';
import { entry } from './kept.ts';
import { readSchedule } from './schedule.ts';
import { modelOf } from './simulate.ts';
import type { WorkModel } from './work.ts';

/** What no configuration can take less than, in µs; the others are the same of one kind of unit. */
export type MachineBounds = LeastTimes &
  Readonly<{
    scalarUs: number;
    vectorUs: number;
    /** Absent where no matrix unit can compute the kernel. */
    matrixUs?: number;
  }>;

const known = new WeakMap<WorkModel, MachineBounds>();

/** Lower bounds on the time of any configuration: with all threads, in the best width and unrolling. */
export function roofline(kernel: Kernel, target: SimulatedTarget): MachineBounds {
  const model = modelOf(kernel, target);
  return entry(known, model, () => boundsFrom(model, npuSpace(kernel, target)));
}

function boundsFrom(model: WorkModel, { parameters }: SpaceDefinition): MachineBounds {
  const { target } = model;
  const valuesOf = (wanted: string) => parameters.find(({ name }) => name === wanted)?.values ?? [];
  const first = Object.fromEntries(parameters.map(({ name, values }) => [name, values[0]]));
  const boundsOf = (vectorBytes: number, unit: ProductUnit): readonly LeastTimes[] =>
    valuesOf('unroll').map((unroll) => {
      const schedule = readSchedule({ ...first, vectorBytes, unroll }, model.lowered);
      return leastTimes(model, { ...schedule, unit, threads: target.contexts });
    });
  const least = (bounds: readonly LeastTimes[]): number =>
    Math.min(...bounds.map((bound) => bound.computeUs));
  const widths = valuesOf('vectorBytes').filter((width) => typeof width === 'number');
  const vector = widths.flatMap((width) => boundsOf(width, 'vector'));
  const vectorUs = least(vector);
  const matrixUs = valuesOf('unit').length === 0 ? undefined : least(boundsOf(target.vector.bytes, 'matrix'));
  return {
    memoryUs: vector[0].memoryUs,
    computeUs: Math.min(vectorUs, matrixUs ?? vectorUs),
    scalarUs: least(boundsOf(0, 'vector')),
    vectorUs,
    ...(matrixUs !== undefined && { matrixUs }),
  };
}

/** Bytes that a configuration's transfers move; what is used where it lies counts once. */
export function movedBytes(kernel: Kernel, target: SimulatedTarget, configuration: Configuration): number {
  const model = modelOf(kernel, target);
  const schedule = readSchedule(configuration, model.lowered);
  if (schedule.staging === 'direct') return model.touchedBytes;
  const isPrivate = schedule.threads === 1 || schedule.split !== 'chunks';
  const tiles = model.tiles(schedule, isPrivate, () => 0);
  const moved = tiles.reduce(
    (sum, { count, loadBytes, storeBytes }) => sum + count * (loadBytes + storeBytes),
    0,
  );
  return Math.max(model.touchedBytes, moved);
}

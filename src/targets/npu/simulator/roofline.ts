import type { Configuration } from '../../../../search-space/parameter.ts';
import type { SpaceDefinition } from '../../../../search-space/space-definition.ts';
import type { Kernel } from '../../../kernels/ir.ts';
import { type SimulatedTarget, UNITS } from '../machine/schema.ts';
import { npuSpace } from '../space/space.ts';
import { type LeastTimes, leastTimes } from './bounds.ts';
import { entry } from './kept.ts';
import { readSchedule } from './schedule.ts';
import { modelOf } from './simulate.ts';
import type { WorkModel } from './work.ts';

/** What no configuration can take less than, in µs; `scalarUs` is the same of scalar code. */
export type MachineBounds = LeastTimes & Readonly<{ scalarUs: number }>;

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
  const boundsOf = (vectorBytes: number): readonly LeastTimes[] =>
    valuesOf('unroll').flatMap((unroll) => {
      const schedule = readSchedule({ ...first, vectorBytes, unroll }, model.lowered);
      const units = vectorBytes === 0 || valuesOf('unit').length === 0 ? [schedule.unit] : UNITS;
      return units.map((unit) => leastTimes(model, { ...schedule, unit, threads: target.contexts }));
    });
  const computeUs = (bounds: readonly LeastTimes[]): number =>
    Math.min(...bounds.map((bound) => bound.computeUs));
  const widths = valuesOf('vectorBytes').filter((width) => typeof width === 'number');
  const bounds = widths.flatMap(boundsOf);
  return { memoryUs: bounds[0].memoryUs, computeUs: computeUs(bounds), scalarUs: computeUs(boundsOf(0)) };
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

import type { Configuration } from '../../../../search-space/parameter.ts';
import type { Kernel } from '../../../kernels/ir.ts';
import { withParameterSet } from '../machine/calibration.ts';
import type { SimulatedTarget } from '../machine/schema.ts';
import { direct, privateTiles } from './calls.ts';
import { chunked } from './chunked.ts';
import { workPerPoint } from './gate.ts';
import { geometryOf } from './geometry.ts';
import type { Observe } from './pipeline.ts';
import { readSchedule, type Schedule } from './schedule.ts';
import { WorkModel } from './work.ts';

/** Where a context's time went, in µs; the parts add up to the call's time. */
export type Breakdown = Readonly<{
  compute: number;
  /** Core copies, and stalls on operands that are used where they lie. */
  memory: number;
  /** Waiting for a transfer. */
  dma: number;
  /** Waiting for other threads at a barrier. */
  waiting: number;
  /** Entering the kernel, waking and joining threads. */
  forkJoin: number;
  /** Done, while others still work. */
  idle: number;
}>;

/** A simulated call. */
export type SimulatedTime = Readonly<{
  timeUs: number;
  /** The mean over the contexts in use. */
  breakdown: Breakdown;
  contexts: readonly Breakdown[];
  scratchpadBytes: number;
}>;

export type SimulateOptions = Readonly<{
  /** Which of the target's accepted parameter sets; 0 is the nominal one. */
  set?: number;
  /** Play every tile, without extrapolating the steady state. */
  exact?: boolean;
  observe?: Observe;
}>;

const models = new WeakMap<SimulatedTarget, WeakMap<Kernel, WorkModel>>();

/**
 * How long a kernel takes on a target in a configuration of its space. Deterministic.
 * Throws InputError for a configuration that lacks a parameter.
 */
export function simulate(
  kernel: Kernel,
  target: SimulatedTarget,
  configuration: Configuration,
  { set = 0, exact = false, observe }: SimulateOptions = {},
): SimulatedTime {
  const model = modelOf(kernel, withParameterSet(target, set));
  const asked = readSchedule(configuration, model.geometry);
  const contexts = play(model, gated(model, asked), exact, observe);
  const timeUs = contexts.reduce((longest, context) => Math.max(longest, total(context)), 0);
  const filled = contexts.map((context) => withIdle(context, Math.max(0, timeUs - total(context))));
  return { timeUs, breakdown: mean(filled), contexts: filled, scratchpadBytes: model.scratchpadBytes(asked) };
}

/** The model of a kernel on a target, with the loop bodies scheduled so far. */
export function modelOf(kernel: Kernel, target: SimulatedTarget): WorkModel {
  let ofTarget = models.get(target);
  if (ofTarget === undefined) {
    ofTarget = new WeakMap();
    models.set(target, ofTarget);
  }
  let model = ofTarget.get(kernel);
  if (model === undefined) {
    model = new WorkModel(geometryOf(kernel), target);
    ofTarget.set(kernel, model);
  }
  return model;
}

function play(
  model: WorkModel,
  schedule: Schedule,
  exact: boolean,
  observe: Observe | undefined,
): Breakdown[] {
  if (schedule.staging === 'direct') return direct(model, schedule, observe);
  if (schedule.threads > 1 && schedule.split === 'chunks') return chunked(model, schedule, exact, observe);
  return privateTiles(model, schedule, exact, observe);
}

/** A compiler that finds a tile too small for several threads gives it to one. */
function gated(model: WorkModel, schedule: Schedule): Schedule {
  const { gate } = model.target.compiler.habits;
  if (gate === 0 || schedule.threads === 1) return schedule;
  const work = workPerPoint(model.geometry, schedule);
  return work / 2 >= gate ? schedule : { ...schedule, threads: 1, split: 'tiles-block' };
}

function total({ compute, memory, dma, waiting, forkJoin, idle }: Breakdown): number {
  return compute + memory + dma + waiting + forkJoin + idle;
}

function withIdle({ compute, memory, dma, waiting, forkJoin }: Breakdown, idle: number): Breakdown {
  return { compute, memory, dma, waiting, forkJoin, idle };
}

function mean(contexts: readonly Breakdown[]): Breakdown {
  const sum = { compute: 0, memory: 0, dma: 0, waiting: 0, forkJoin: 0, idle: 0 };
  for (const context of contexts) {
    sum.compute += context.compute / contexts.length;
    sum.memory += context.memory / contexts.length;
    sum.dma += context.dma / contexts.length;
    sum.waiting += context.waiting / contexts.length;
    sum.forkJoin += context.forkJoin / contexts.length;
    sum.idle += context.idle / contexts.length;
  }
  return sum;
}

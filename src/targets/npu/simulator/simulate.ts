import type { Configuration } from '../../../../search-space/parameter.ts';
import type { Kernel } from '../../../kernels/ir.ts';
import { withParameterSet } from '../machine/parameter-sets.ts';
import type { SimulatedTarget } from '../machine/schema.ts';
import { loweredForNpu } from '../policy.ts';
import { requirePossible } from './bounds.ts';
import { type Breakdown, meanBreakdown, totalUs, withIdle } from './breakdown.ts';
import { direct, privateTiles } from './calls.ts';
import { chunked } from './chunked.ts';
import { gated } from './gate.ts';
import { busyUs, onMatrixUnit } from './matrix-calls.ts';
import type { Observe } from './pipeline-event.ts';
import { readSchedule, type SimulatedSchedule } from './schedule.ts';
import { WorkModel } from './work.ts';

/** What the simulation of a call found. */
export type SimulatedTime = Readonly<{
  timeUs: number;
  /** The mean over the contexts in use. */
  breakdown: Breakdown;
  contexts: readonly Breakdown[];
  scratchpadBytes: number;
}>;

type SimulateOptions = Readonly<{
  /** Which of the target's accepted parameter sets; 0 is the nominal one. */
  set?: number;
  /** Simulate every tile instead of extrapolating from the steady state. */
  exact?: boolean;
  /** Told of everything that takes time, for a timeline. */
  observe?: Observe;
}>;

/** Of a sum of many times. */
const ROUNDING = 1e-9;

const models = new WeakMap<SimulatedTarget, WeakMap<Kernel, WorkModel>>();

/**
 * Simulates a call of a kernel on a target in a configuration of its space. Deterministic.
 * Throws InputError for a configuration that lacks a parameter, Error for a time that no machine could reach.
 */
export function simulateKernel(
  kernel: Kernel,
  target: SimulatedTarget,
  configuration: Configuration,
  { set = 0, ...how }: SimulateOptions = {},
): SimulatedTime {
  return simulated(kernel, modelOf(kernel, withParameterSet(target, set)), configuration, how);
}

/** The same on a machine that is asked hardly anything else, of which nothing is kept. */
export function simulateOnce(
  kernel: Kernel,
  target: SimulatedTarget,
  configuration: Configuration,
): SimulatedTime {
  return simulated(kernel, new WorkModel(loweredForNpu(kernel), target), configuration, {});
}

function simulated(
  kernel: Kernel,
  model: WorkModel,
  configuration: Configuration,
  { exact = false, observe }: Omit<SimulateOptions, 'set'>,
): SimulatedTime {
  const asked = readSchedule(configuration, model.lowered);
  const schedule = gated(model.lowered, model.target, asked);
  const contexts = play(model, schedule, exact, observe);
  const timeUs = contexts.reduce((longest, context) => Math.max(longest, totalUs(context)), 0);
  requirePossible(timeUs, kernel, model, configuration, schedule);
  const filled = contexts.map((context) => withIdle(context, idleUs(timeUs, totalUs(context))));
  return {
    timeUs,
    breakdown: meanBreakdown(filled),
    contexts: filled,
    scratchpadBytes: model.scratchpadBytes(asked),
  };
}

/** µs in which the matrix unit is busy in a call; 0 for one that does not use it. */
export function matrixUnitUs(kernel: Kernel, target: SimulatedTarget, configuration: Configuration): number {
  const model = modelOf(kernel, target);
  const schedule = readSchedule(configuration, model.lowered);
  return schedule.unit === 'matrix' ? busyUs(model, schedule) : 0;
}

/** What a context waits for the last one; sums of the same parts in another order are the same time. */
function idleUs(wholeUs: number, ownUs: number): number {
  const left = wholeUs - ownUs;
  return left > ROUNDING * wholeUs ? left : 0;
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
    model = new WorkModel(loweredForNpu(kernel), target);
    ofTarget.set(kernel, model);
  }
  return model;
}

function play(
  model: WorkModel,
  schedule: SimulatedSchedule,
  exact: boolean,
  observe: Observe | undefined,
): Breakdown[] {
  if (schedule.unit === 'matrix') return onMatrixUnit(model, schedule, exact, observe);
  if (schedule.staging === 'direct') return direct(model, schedule, observe);
  if (schedule.threads > 1 && schedule.split === 'chunks') return chunked(model, schedule, exact, observe);
  return privateTiles(model, schedule, exact, observe);
}

import { explain } from '../../search-space/explain.ts';
import type { Configuration } from '../../search-space/parameter.ts';
import {
  type GainFigure,
  knownOr,
  type OrUnknown,
  type TimeFigure,
  unknown,
} from '../../tuner/attribution/gain.ts';
import type { Kernel } from '../kernels/ir.ts';
import { formatShape } from '../kernels/shape.ts';
import { type IntervalSource, parameterSets, setsOf } from '../targets/npu/machine/parameter-sets.ts';
import type { SimulatedTarget } from '../targets/npu/machine/schema.ts';
import { changedFigure } from '../targets/npu/machine/what-if.ts';
import type { Breakdown } from '../targets/npu/simulator/breakdown.ts';
import { type SimulatedTime, simulateKernel } from '../targets/npu/simulator/simulate.ts';
import { buildSpace } from '../targets/npu/space/space.ts';
import { type WhatIfBest, whatIfBest } from './what-if/what-if.ts';

/** Changed options of the compiler ("writeback=overlapped"), and the machine without the changes, with what is used there. */
export type ChangedMachine = Readonly<{
  changes: readonly string[];
  unchanged: SimulatedTarget;
  used: Configuration | undefined;
}>;

/** Where one simulated call's time goes. Times in µs. */
export type ExplainedCall = Readonly<{
  kernel: string;
  shape: string;
  dtype: string;
  target: string;
  configuration: Configuration;
  timeUs: number;
  /** The range of the time over the parameter sets of the target. */
  interval: OrUnknown<Readonly<{ low: number; high: number }>>;
  intervalFrom: IntervalSource | null;
  /** The mean over the contexts in use. */
  breakdown: Breakdown;
  contexts: readonly Breakdown[];
  scratchpadBytes: number;
  /** Null without changes; `unchangedUs` and `gain` are unknown if the configuration is impossible without them. */
  whatIf: Readonly<{
    changes: readonly string[];
    unchangedUs: TimeFigure;
    gain: GainFigure;
    /** How the best configuration changes; null unless one figure of the target does. */
    best: WhatIfBest | null;
  }> | null;
}>;

/** The document of one simulated call; with `changed`, also its time on the unchanged machine. */
export function explainCall(
  kernel: Kernel,
  machine: SimulatedTarget,
  configuration: Configuration,
  changed?: ChangedMachine,
): ExplainedCall {
  const nominal = simulateKernel(kernel, machine, configuration);
  const times = timesOverSets(kernel, machine, configuration);
  return {
    kernel: kernel.name,
    shape: formatShape(kernel.shape),
    dtype: kernel.dtype,
    target: machine.name,
    configuration,
    timeUs: nominal.timeUs,
    interval: rangeOf(times),
    intervalFrom: setsOf(machine)?.from ?? null,
    breakdown: nominal.breakdown,
    contexts: nominal.contexts,
    scratchpadBytes: nominal.scratchpadBytes,
    whatIf: changed === undefined ? null : whatIf(kernel, configuration, nominal, times, changed),
  };
}

function timesOverSets(
  kernel: Kernel,
  machine: SimulatedTarget,
  configuration: Configuration,
): readonly number[] {
  return Array.from(
    { length: parameterSets(machine) },
    (_, set) => simulateKernel(kernel, machine, configuration, { set }).timeUs,
  );
}

const NO_SETS = unknown('not applicable', 'nothing says how well the figures of the target are known');

function rangeOf(values: readonly number[]): ExplainedCall['interval'] {
  return values.length < 2 ? NO_SETS : { low: Math.min(...values), high: Math.max(...values) };
}

const IMPOSSIBLE = unknown('not applicable', 'this configuration is not possible without the changes');

function whatIf(
  kernel: Kernel,
  configuration: Configuration,
  nominal: SimulatedTime,
  times: readonly number[],
  { changes, unchanged, used }: ChangedMachine,
): ExplainedCall['whatIf'] {
  const best = movesFigure(changes, unchanged) ? whatIfBest(kernel, unchanged, changes, used) : null;
  const isPossible = explain(buildSpace(kernel, unchanged), configuration) === undefined;
  if (!isPossible) return { changes, unchangedUs: IMPOSSIBLE, gain: IMPOSSIBLE, best };
  const unchangedUs = simulateKernel(kernel, unchanged, configuration).timeUs;
  const gains = timesOverSets(kernel, unchanged, configuration).map((time, set) => time / times[set]);
  const range = knownOr(rangeOf(gains));
  const gain = { value: unchangedUs / nominal.timeUs, low: range?.low ?? null, high: range?.high ?? null };
  return { changes, unchangedUs, gain, best };
}

/** A search of the whole space is worth its time only where it answers from which value on another one is the best. */
function movesFigure(changes: readonly string[], unchanged: SimulatedTarget): boolean {
  return changes.length === 1 && changedFigure(unchanged, changes[0]) !== undefined;
}

import { explain } from '../../search-space/explain.ts';
import type { Configuration } from '../../search-space/parameter.ts';
import type { SimulateDocument } from '../documents/simulate.ts';
import type { Kernel } from '../kernels/ir.ts';
import { formatShape } from '../kernels/shape.ts';
import { parameterSets } from '../targets/npu/machine/calibration.ts';
import type { SimulatedTarget } from '../targets/npu/machine/schema.ts';
import { type SimulatedTime, simulate } from '../targets/npu/simulator/simulate.ts';
import { buildSpace } from '../targets/npu/space/space.ts';

/** A machine as its file says it, and with some habits changed ("writeback=overlapped"). */
export type Changed = Readonly<{ changes: readonly string[]; unchanged: SimulatedTarget }>;

/** One simulated call, explained; beside the same on the unchanged machine where habits were changed. */
export function explainCall(
  kernel: Kernel,
  machine: SimulatedTarget,
  configuration: Configuration,
  changed?: Changed,
): SimulateDocument {
  const nominal = simulate(kernel, machine, configuration);
  const times = timesOverSets(kernel, machine, configuration);
  return {
    schemaVersion: 1,
    kernel: kernel.name,
    shape: formatShape(kernel.shape),
    dtype: kernel.dtype,
    target: machine.name,
    configuration,
    timeUs: nominal.timeUs,
    range: rangeOf(times),
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
    (_, set) => simulate(kernel, machine, configuration, { set }).timeUs,
  );
}

function rangeOf(values: readonly number[]): SimulateDocument['range'] {
  return values.length < 2 ? null : { low: Math.min(...values), high: Math.max(...values) };
}

function whatIf(
  kernel: Kernel,
  configuration: Configuration,
  nominal: SimulatedTime,
  times: readonly number[],
  { changes, unchanged }: Changed,
): SimulateDocument['whatIf'] {
  const isPossible = explain(buildSpace(kernel, unchanged), configuration) === undefined;
  if (!isPossible) return { changes, unchangedUs: null, gain: null };
  const unchangedUs = simulate(kernel, unchanged, configuration).timeUs;
  const gains = timesOverSets(kernel, unchanged, configuration).map((time, set) => time / times[set]);
  const range = rangeOf(gains);
  const gain = { value: unchangedUs / nominal.timeUs, low: range?.low ?? null, high: range?.high ?? null };
  return { changes, unchangedUs, gain };
}

import type { Configuration } from '../../../../search-space/parameter.ts';
import type { Kernel } from '../../../kernels/ir.ts';
import type { SimulatedTarget } from '../machine/schema.ts';
import { simulateOnce } from '../simulator/simulate.ts';

/** A call that was timed on a device. */
export type LoggedTime = Readonly<{
  kernel: Kernel;
  configuration: Configuration;
  timeUs: number;
  /** Where the log has only these: then the time is what they take at the clock of the machine that is judged. */
  cycles?: number;
  /** How far its logarithm may be off for the clock alone. */
  uncertainty: number;
}>;

/** Logarithms of simulated over measured times. */
export function misfits(target: SimulatedTarget, times: readonly LoggedTime[]): readonly number[] {
  return times.map((time) => misfitOf(target, time));
}

/** The logarithm of a simulated over the measured time. */
export function misfitOf(
  target: SimulatedTarget,
  { kernel, configuration, timeUs, cycles }: LoggedTime,
): number {
  const measuredUs = cycles === undefined ? timeUs : cycles / target.clockGHz / 1000;
  return Math.log(simulateOnce(kernel, target, configuration).timeUs / measuredUs);
}

/** The root mean square of some numbers. */
export function rootMeanSquare(values: readonly number[]): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
}

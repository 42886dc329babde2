import type { Configuration } from '../../search-space/parameter.ts';
import type { Kernel } from '../kernels/ir.ts';
import type { SimulatedTarget } from '../targets/npu/machine/schema.ts';
import { applyWhatIf } from '../targets/npu/machine/what-if.ts';
import { simulateKernel } from '../targets/npu/simulator/simulate.ts';
import { formatCount } from '../text/number-text.ts';

/** A sentence for each habit of the compiler that overrides the configuration. */
export function habitNotes(
  kernel: Kernel,
  machine: SimulatedTarget,
  configuration: Configuration,
): readonly string[] {
  const { gate, chunks } = machine.compiler.habits;
  const { threads } = configuration;
  if (typeof threads !== 'number' || threads === 1) return [];
  const timeOn = (target: SimulatedTarget): number => simulateKernel(kernel, target, configuration).timeUs;
  if (gate > 0 && timeOn(applyWhatIf(machine, 'gate=off')) !== timeOn(machine)) {
    return [
      `threads=${threads} is not always used: the compiler keeps a tile below its gate of ${formatCount(gate)} on one thread (--what-if gate=off).`,
    ];
  }
  if (configuration.split === 'chunks' && chunks !== 'threads' && chunks < threads) {
    return [
      `threads=${threads}, but the compiler cuts a tile into ${chunks} chunks: the other threads wait (--what-if chunks=threads).`,
    ];
  }
  return [];
}

import type { Configuration } from '../../search-space/parameter.ts';
import type { Kernel } from '../kernels/ir.ts';
import { formatCount } from '../report/terminal/numbers.ts';
import type { SimulatedTarget } from '../targets/npu/machine/schema.ts';
import { applyWhatIf } from '../targets/npu/machine/what-if.ts';
import { simulate } from '../targets/npu/simulator/simulate.ts';

/** Where a habit of the compiler overrides what was asked, in a sentence each. */
export function habitNotes(
  kernel: Kernel,
  machine: SimulatedTarget,
  configuration: Configuration,
): readonly string[] {
  const { gate, chunks } = machine.compiler.habits;
  const { threads } = configuration;
  if (typeof threads !== 'number' || threads === 1) return [];
  const timeOn = (target: SimulatedTarget): number => simulate(kernel, target, configuration).timeUs;
  if (gate > 0 && timeOn(applyWhatIf(machine, 'gate=off')) !== timeOn(machine)) {
    return [
      `threads=${threads} is not used throughout: the compiler keeps a tile below its gate of ${formatCount(gate)} on one thread (--what-if gate=off).`,
    ];
  }
  if (configuration.split === 'chunks' && chunks !== 'threads' && chunks < threads) {
    return [
      `threads=${threads}, but the compiler cuts a tile into ${chunks} chunks: the other threads wait (--what-if chunks=threads).`,
    ];
  }
  return [];
}

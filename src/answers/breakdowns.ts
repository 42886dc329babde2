import type { Configuration } from '../../search-space/parameter.ts';
import type { Breakdown } from '../targets/npu/simulator/breakdown.ts';
import { simulateKernel } from '../targets/npu/simulator/simulate.ts';
import { type StoredCall, simulatedCall } from './stored-call.ts';

/** What a call spends its time on in each configuration, in µs; null where it can no longer be simulated. */
export function breakdownsOf(
  call: Omit<StoredCall, 'configuration'>,
  configurations: readonly Configuration[],
): readonly (Breakdown | null)[] {
  const found = simulatedCall(call);
  if (found === undefined) return configurations.map(() => null);
  const { kernel, machine } = found;
  return configurations.map((each) => simulateKernel(kernel, machine, each).breakdown);
}

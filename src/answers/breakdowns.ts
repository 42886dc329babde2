import type { Breakdown } from '../targets/npu/simulator/breakdown.ts';
import { simulateKernel } from '../targets/npu/simulator/simulate.ts';
import { type StoredCall, simulatedCall } from './stored-call.ts';

/** What each call spends its time on, in µs; null where it can no longer be simulated. */
export function breakdownsOf(calls: readonly StoredCall[]): readonly (Breakdown | null)[] {
  return calls.map((call) => {
    const found = simulatedCall(call);
    return found === undefined
      ? null
      : simulateKernel(found.kernel, found.machine, call.configuration).breakdown;
  });
}

import type { Configuration } from '../../search-space/parameter.ts';
import type { KernelRecord } from '../../store/records.ts';
import type { Kernel } from '../kernels/ir.ts';
import { parseKernel } from '../kernels/json.ts';
import { knownMachine, targetFingerprint } from '../targets/npu/machine/load.ts';
import type { SimulatedTarget } from '../targets/npu/machine/schema.ts';
import type { TargetReference } from '../targets/reference.ts';

/** A configuration of a stored study, with the fingerprint that its target had. */
export type StoredCall = Readonly<{
  kernel: KernelRecord;
  target: TargetReference;
  fingerprint: string;
  configuration: Configuration;
}>;

/** Its kernel and machine; undefined if the target is not a simulated machine, or has changed since. */
export function simulatedCall({
  kernel,
  target,
  fingerprint,
}: Omit<StoredCall, 'configuration'>): Readonly<{ kernel: Kernel; machine: SimulatedTarget }> | undefined {
  const machine = knownMachine(target);
  if (kernel.ir === null || machine === undefined) return undefined;
  if (targetFingerprint(machine) !== fingerprint) return undefined;
  return { kernel: parseKernel(kernel.ir), machine };
}

import type { Configuration } from '../../../search-space/parameter.ts';
import type { KernelRecord } from '../../../store/records.ts';
import { timelineOf } from '../../answers/timeline.ts';
import { parseKernel } from '../../kernels/json.ts';
import { knownMachine, targetFingerprint } from '../../targets/npu/machine/load.ts';
import type { TargetReference } from '../../targets/reference.ts';
import { timelineSvg } from './svg.ts';

/** A configuration of a stored study, with the fingerprint that its target had. */
export type StoredCall = Readonly<{
  kernel: KernelRecord;
  target: TargetReference;
  fingerprint: string;
  configuration: Configuration;
}>;

/** The most tiles of a timeline. */
const TILES = 24;

/** The timeline as markup; null if the target is not a simulated machine, or has changed since. */
export function storedTimelineSvg({ kernel, target, fingerprint, configuration }: StoredCall): string | null {
  const machine = knownMachine(target);
  if (kernel.ir === null || machine === undefined) return null;
  if (targetFingerprint(machine) !== fingerprint) return null;
  return timelineSvg(timelineOf(parseKernel(kernel.ir), machine, configuration, TILES));
}

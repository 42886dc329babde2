import type { Configuration } from '../../../search-space/parameter.ts';
import type { KernelRecord, TargetTitle } from '../../../store/records.ts';
import { timelineOf } from '../../answers/timeline.ts';
import { parseKernel } from '../../kernels/json.ts';
import { loadTarget, targetFingerprint } from '../../targets/npu/machine/load.ts';
import { timelineSvg } from './svg.ts';

/** The most tiles of a timeline. */
const TILES = 24;

/** The timeline of a stored kernel on its simulated machine, as a picture; null if the machine is not known or has changed since. */
export function storedTimelineSvg(
  kernel: KernelRecord,
  target: TargetTitle,
  configuration: Configuration,
): string | null {
  if (kernel.ir === null) return null;
  try {
    const machine = loadTarget(target.name);
    if (targetFingerprint(machine) !== target.fingerprint) return null;
    return timelineSvg(timelineOf(parseKernel(kernel.ir), machine, configuration, TILES));
  } catch {
    // The target came from the user's own file, which is not known here.
    return null;
  }
}

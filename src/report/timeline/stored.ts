import type { Configuration } from '../../../search-space/parameter.ts';
import { timelineOf } from '../../answers/timeline.ts';
import { parseKernel } from '../../kernels/json.ts';
import { knownMachine, targetFingerprint } from '../../targets/npu/machine/load.ts';
import type { TargetReference } from '../../targets/reference.ts';
import { timelineSvg } from './svg.ts';

/** A stored configuration to simulate: its kernel's IR as JSON, and the target that its study named. */
export type StoredRun = Readonly<{
  ir: string;
  target: TargetReference;
  fingerprint: string;
  configuration: Configuration;
}>;

/** The most tiles of a timeline. */
const TILES = 24;

/** Its timeline on the simulated machine as a picture; null if the machine is not known or has changed since. */
export function storedTimelineSvg({ ir, target, fingerprint, configuration }: StoredRun): string | null {
  const machine = knownMachine(target);
  if (machine === undefined || targetFingerprint(machine) !== fingerprint) return null;
  return timelineSvg(timelineOf(parseKernel(ir), machine, configuration, TILES));
}

import { createHash } from 'node:crypto';
import { InputError } from '../../../search-space/input-error.ts';
import type { Configuration } from '../../../search-space/parameter.ts';
import type { SearchSpace } from '../../../search-space/search-space.ts';
import { canonicalJson } from '../../kernels/canonical-json.ts';
import type { OpaqueKernel } from '../../kernels/opaque.ts';
import type { Target } from '../_base.ts';
import { commandBackend } from './backend.ts';
import type { KeeperOptions } from './keeper/keeper.ts';
import type { DeviceProgram } from './program.ts';
import { checkTemplate } from './template.ts';

/** A user's device, described by the user. */
export type CommandDevice = Readonly<{
  name: string;
  program: DeviceProgram;
  /** Other facts on which results depend: firmware, compiler, board. Another text is another target. */
  firmware: string;
  space: SearchSpace;
  default: Configuration;
  keeping: KeeperOptions;
}>;

/**
 * A device behind a user's program. The fingerprint covers its name, command, check and clock, but not
 * its time-out. Throws InputError for a template that does not fit the space.
 */
export function commandTarget(device: CommandDevice): Target<OpaqueKernel> {
  const { name, program, firmware, space } = device;
  if (program.argv.length === 0) {
    throw new InputError(
      '--target command',
      'needs the program after --',
      '-- ./measure.sh {threads} {tile}',
    );
  }
  checkTemplate('--', program.argv, space.parameters, true);
  if (program.check !== undefined) checkTemplate('--check', program.check, space.parameters, false);
  const { timeoutMs: _, ...measuring } = program;
  const described = { firmware, ...measuring };
  const identity = canonicalJson({ name, ...described });
  return Object.freeze<Target<OpaqueKernel>>({
    name,
    kind: 'device',
    fingerprint: `command-${createHash('sha256').update(identity).digest('hex').slice(0, 16)}`,
    features: {},
    description: described,
    space: () => space,
    defaultConfiguration: () => device.default,
    backend: () => commandBackend(program, space, device.keeping),
  });
}

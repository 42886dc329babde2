import { createHash } from 'node:crypto';
import type { Configuration } from '../../../search-space/parameter.ts';
import type { SearchSpace } from '../../../search-space/search-space.ts';
import { canonicalJson } from '../../kernels/canonical-json.ts';
import type { OpaqueKernel } from '../../kernels/opaque.ts';
import type { Target } from '../_base.ts';
import { commandBackend, type Surroundings } from './backend.ts';
import { Sources } from './builds/sources.ts';
import { checkProgram } from './check-program.ts';
import type { CBuild, DeviceProgram } from './program.ts';
import { hasPlaceholder, type Template } from './template.ts';

/** A user's device, described by the user. */
export type CommandDevice = Readonly<{
  name: string;
  program: DeviceProgram;
  /** Other facts on which results depend: firmware, compiler, board. Another text is another target. */
  firmware: string;
  space: SearchSpace;
  default: Configuration;
  surroundings: Surroundings;
}>;

/**
 * A device behind a user's program. The fingerprint covers its name, command, build with the content of
 * the files that it names, check and clock, but not its time-out and how often it is run. Its space throws
 * InputError for words that do not fit the space or the kernel.
 */
export function commandTarget(device: CommandDevice): Target<OpaqueKernel> {
  const { name, program, firmware, space } = device;
  const { timeoutMs: _, sampling: __, c, ...measuring } = program;
  const sources = new Sources();
  const described = {
    firmware,
    ...measuring,
    ...(c && { c: { file: c.file, given: hashOf(c.given) } }),
    ...(program.build && { sources: hashOfSources(sources, program.build, c) }),
  };
  const identity = canonicalJson({ name, ...described });
  return Object.freeze<Target<OpaqueKernel>>({
    name,
    kind: 'device',
    fingerprint: `command-${createHash('sha256').update(identity).digest('hex').slice(0, 16)}`,
    features: {},
    description: described,
    metrics: 'any',
    space: (kernel) => {
      checkProgram(program, space.parameters, { ...kernel, seed: device.surroundings.seed });
      return space;
    },
    defaultConfiguration: () => device.default,
    backend: (kernel) => commandBackend(program, device, kernel, { ...device.surroundings, sources }),
  });
}

/** A hash of the files that a build names for every configuration: other sources are another kernel. */
function hashOfSources(sources: Sources, build: Template, c: CBuild | undefined): string {
  const fixed = build.filter((word, place) => !hasPlaceholder(word) && (place > 0 || word.includes('/')));
  const hashes = sources.of(fixed, Object.values(c?.given ?? {})).map(([, hash]) => hash);
  return createHash('sha256').update(hashes.join()).digest('hex').slice(0, 16);
}

function hashOf(given: CBuild['given']): string {
  return createHash('sha256').update(canonicalJson(given)).digest('hex').slice(0, 16);
}

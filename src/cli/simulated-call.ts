import { completeConfiguration } from '../../search-space/complete-configuration.ts';
import { InputError } from '../../search-space/input-error.ts';
import type { Configuration } from '../../search-space/parameter.ts';
import type { KernelOnTarget } from '../ask/kernel-on-target.ts';
import { kernelHash } from '../kernels/hash.ts';
import type { Kernel } from '../kernels/ir.ts';
import { machineOf } from '../targets/npu/machine/load.ts';
import type { SimulatedTarget } from '../targets/npu/machine/schema.ts';
import { applyWhatIf } from '../targets/npu/machine/what-if.ts';
import { simulatedTarget } from '../targets/npu/target.ts';
import { assignments, setOption } from './assignments.ts';
import type { Flags } from './flags.ts';
import { NothingFound } from './nothing-found.ts';
import type { OptionSpec } from './options/_base.ts';
import type { GlobalOption } from './options/global.ts';
import { shapeOptions, targetOption } from './options/kernel.ts';
import { whatIfOption } from './options/what-if.ts';
import type { Session } from './session.ts';
import { readingIfThere } from './stores.ts';
import { describeSubject, namedKernel, targetFrom, tuneCommand } from './subject.ts';

const CONFIGS = ['default', 'best'] as const;

/** Options that name one call of a kernel on a simulated machine. */
export const callOptions = Object.freeze({
  ...shapeOptions,
  ...targetOption,
  ...setOption,
  config: {
    kind: 'text',
    words: CONFIGS,
    describe: 'default, or best: the best known of the store',
    otherwise: 'default',
    group: 'What:',
  },
  ...whatIfOption,
} as const satisfies Record<string, OptionSpec>);

/** One call of a kernel; `machine` with the `--what-if` changes, `unchanged` without them. */
export type SimulatedCall = Readonly<{
  kernel: Kernel;
  machine: SimulatedTarget;
  unchanged: SimulatedTarget;
  changes: readonly string[];
  configuration: Configuration;
}>;

type Asked = Flags<keyof typeof callOptions | 'kernel' | GlobalOption>;

/** What names a call's kernel and target. */
type Named = Flags<'kernel' | keyof typeof targetOption | GlobalOption>;

/** Throws InputError for unknown names and impossible values, NothingFound if `--config best` has none. */
export async function simulatedCallOf(
  flags: Asked,
  session: Session,
  shape = flags.text('shape'),
): Promise<SimulatedCall> {
  const unchanged = machineOf(targetFrom(flags));
  const changes = flags.list('what-if');
  const machine = changes.reduce(applyWhatIf, unchanged);
  const { kernel } = await namedKernel(flags, shape, session);
  const preferred = await preferredConfiguration(
    { kernel, target: simulatedTarget(unchanged) },
    flags.oneOf('config', CONFIGS, 'default'),
    flags,
    session,
  );
  const target = simulatedTarget(machine);
  const space = target.space(kernel);
  const whyLacking = (name: string) => target.whyLacking?.(kernel, name);
  const given = assignments(flags.list('set'), space, '--set', whyLacking);
  const configuration = completeConfiguration(space, preferred, given);
  return { kernel, machine, unchanged, changes, configuration };
}

export function isNamedConfiguration(given: string): boolean {
  return CONFIGS.some((word) => word === given);
}

/** The other configuration of a call that is shown beside one: default, best, or assignments that change the default. */
export async function otherConfiguration(
  given: string,
  { kernel, machine, unchanged }: SimulatedCall,
  flags: Named,
  session: Session,
): Promise<Configuration> {
  const space = simulatedTarget(machine).space(kernel);
  const subject = { kernel, target: simulatedTarget(unchanged) };
  const named = CONFIGS.find((word) => word === given);
  if (named === undefined && !given.includes('='))
    throw new InputError(
      '--against',
      `'${given}' is no configuration, and no file is there`,
      "default, best, threads=4,tile=16384, or a device's log",
    );
  const preferred = await preferredConfiguration(subject, named ?? 'default', flags, session);
  const changes = named === undefined ? assignments([given], space, '--against') : {};
  return completeConfiguration(space, preferred, changes);
}

/** The configuration that `--set` changes. */
async function preferredConfiguration(
  subject: KernelOnTarget,
  config: (typeof CONFIGS)[number],
  flags: Named,
  session: Session,
): Promise<Configuration> {
  const { kernel, target } = subject;
  if (config === 'default') return target.defaultConfiguration(kernel, target.space(kernel));
  const best = await usedToday(subject, flags, session);
  if (best !== undefined) return best;
  throw new NothingFound(
    `no best is known of ${describeSubject(subject)}; find one with \`${tuneCommand(subject, flags)}\``,
  );
}

/** The best that the store has of a kernel on a target. */
export async function usedToday(
  { kernel, target }: KernelOnTarget,
  flags: Flags<GlobalOption>,
  session: Session,
): Promise<Configuration | undefined> {
  const best = await readingIfThere(flags, session, undefined, (store) =>
    store.best({ kernel: { hash: kernelHash(kernel) }, target: { fingerprint: target.fingerprint } }),
  );
  return best?.configuration;
}

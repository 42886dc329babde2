import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { InputError } from '../../search-space/input-error.ts';
import { calibrateHost, HOST_FILE } from '../ask/calibrate-host.ts';
import { screenMemory } from '../ask/screen.ts';
import type { StudyRequest } from '../ask/study-request.ts';
import type { Kernel } from '../kernels/ir.ts';
import { listTargets, loadTarget } from '../targets/npu/machine/load.ts';
import type { SimulatedTarget } from '../targets/npu/machine/schema.ts';
import { wasmHost } from '../targets/wasm/host.ts';
import { writeWhole } from '../text/write-whole.ts';
import type { OptionSpec } from './command.ts';
import type { Flags } from './flags.ts';
import { type GlobalOption, storePath } from './options/global.ts';
import type { Session } from './session.ts';

/** The machine beside the store, calibrated where there is none. */
const SIMULATOR = 'simulator';

export const screenOption = Object.freeze({
  screen: {
    kind: 'text',
    describe: `With --target wasm: ${SIMULATOR}, or a file of \`calibrate\`, proposes what is tried first`,
    group: 'Steering:',
  },
} as const satisfies Record<string, OptionSpec>);

/** The request, screened as asked. Throws InputError where nothing can screen it. */
export function screened(
  request: StudyRequest<Kernel>,
  flags: Flags<'screen' | GlobalOption>,
  session: Session,
): StudyRequest<Kernel> {
  const asked = flags.text('screen');
  if (asked === undefined) return request;
  const { kernel, target } = request;
  if (target.name !== 'wasm') {
    throw new InputError('--screen', `nothing simulates '${target.name}' for it`, 'it takes --target wasm');
  }
  const given = asked === SIMULATOR ? undefined : hostIn(asked);
  const place = join(dirname(storePath(flags.text('store'), session.env)), HOST_FILE);
  const machine = async () => given ?? (await besideStore(place, target.fingerprint, session));
  return { ...request, screen: async (space) => screenMemory(kernel, space, await machine()) };
}

/** Refuses to screen what is no kernel of ours. Throws InputError. */
export function refuseScreen(flags: Flags<'screen'>): void {
  if (flags.text('screen') === undefined) return;
  throw new InputError('--screen', 'nothing simulates a device of one’s own', 'it takes --target wasm');
}

/** Throws InputError for a file that describes something else than a host. */
function hostIn(path: string): SimulatedTarget {
  if (!/[/.]/.test(path) && !listTargets().includes(path))
    throw new InputError('--screen', `'${path}' is not known`, `'${SIMULATOR}', or a file of \`calibrate\``);
  const machine = loadTarget(path);
  if (machine.host !== undefined) return machine;
  throw new InputError('--screen', `${path} describes no host`, '`nightshift calibrate` writes one');
}

/** A file of another engine or machine is measured anew. */
async function besideStore(path: string, fingerprint: string, session: Session): Promise<SimulatedTarget> {
  const known = existsSync(path) ? loadTarget(path) : undefined;
  if (known?.host?.fingerprint === fingerprint) return known;
  session.say(`Calibrating the simulator to this machine; ${path} keeps it.\n`);
  const { text, machine } = await calibrateHost(await wasmHost());
  writeWhole('--screen', path, text);
  return machine;
}

import { InputError } from '../../../search-space/input-error.ts';
import { bindStudy, resolveStudy } from '../../ask/resolve-study.ts';
import { toolVersion } from '../../ask/tool-version.ts';
import type { OwnStudies } from '../../fleet/bench.ts';
import { connectNow } from '../../fleet/connection.ts';
import { devicePlace, lockDevice } from '../../fleet/device-lock.ts';
import { type DeviceIdentity, deviceNameSchema } from '../../fleet/messages.ts';
import { workForFleet } from '../../fleet/worker.ts';
import { Permit } from '../../programs/keeper/permit.ts';
import { targetRecord } from '../../targets/record.ts';
import { resolveTarget } from '../../targets/resolve.ts';
import { middleCut } from '../../text/middle-cut.ts';
import { defineCommand } from '../command.ts';
import { type LocalDevice, localDeviceOf } from '../devices.ts';
import { type DeviceFlags, deviceOptions } from '../options/device.ts';
import { fleetOption, requiredFleet } from '../options/fleet.ts';
import { shapeOptions, targetOption } from '../options/kernel.ts';
import { DEFAULT_SEED } from '../options/strategy.ts';
import { targetFrom } from '../subject.ts';
import { checkWorker, kernelWith } from '../worker-program.ts';

export const worker = defineCommand({
  arguments: { kernel: 'With --target command: the name of the kernel that your program runs' },
  options: {
    ...fleetOption,
    device: {
      kind: 'text',
      describe: 'The name of the device: letters, digits, dots, underscores, hyphens',
      group: 'Fleet (docs/fleet.md):',
    },
    ...shapeOptions,
    ...targetOption,
    ...deviceOptions,
  },
  rest: 'the program that measures, with {parameter} where a value goes',
  examples: [
    [
      'worker --fleet redis://10.0.0.1 --device board-1 --space my.json -- ./measure.sh {tile}',
      'a board behind a program',
    ],
    ['worker --fleet redis://10.0.0.1 --device pi-1 --target wasm', 'our kernels, on this machine'],
  ],
  async act(flags, session) {
    const address = requiredFleet(flags, session.env);
    const device = nameFrom(flags.required('device'));
    const permit = new Permit(session.clock);
    const around = { place: devicePlace(device), ofProgram: 'command', permit };
    const own = (seed: number) => localDeviceOf(flags, seed, session, around);
    const local = await own(DEFAULT_SEED);
    const target = local === undefined ? await resolveTarget(targetFrom(flags)) : undefined;
    const identity = identityOf(local, target ?? refuseTables(local), flags.text('firmware'));
    if (local !== undefined) checkWorker(local, flags, session.env);
    const lock = lockDevice(device, session.clock);
    try {
      const redis = await connectNow(address);
      await workForFleet({
        redis,
        device,
        identity,
        studies:
          target === undefined
            ? ofProgram(own, flags)
            : (spec) => resolveStudy({ ...spec, target: targetFrom(flags) }),
        version: toolVersion(),
        clock: session.clock,
        permit,
        signal: session.interruption(),
        say: (line) => (flags.isOn('quiet') ? undefined : session.say(line)),
      }).finally(() => redis.disconnect());
    } finally {
      lock.release();
    }
  },
});

/** Characters of the name of a target, and of what is quoted of a wrong one. */
const MOST_OF_NAME = 100;
const MOST_SHOWN = 80;

function nameFrom(device: string): string {
  if (deviceNameSchema.safeParse(device).success) return device;
  throw new InputError(
    '--device',
    `cannot be '${middleCut(device, MOST_SHOWN)}'`,
    'at most 64 letters, digits, dots, underscores and hyphens: board-1',
  );
}

type Described = Parameters<typeof targetRecord>[0] & Pick<LocalDevice['target'], 'metrics'>;

/** Kinds of devices that are there side by side are told apart by their firmware: neither is an earlier one of the other. */
function identityOf(
  local: LocalDevice | undefined,
  target: Described,
  firmware: string | undefined,
): DeviceIdentity {
  const record = targetRecord(target);
  const name = firmware ? middleCut(`${record.name}-${firmware}`, MOST_OF_NAME) : record.name;
  return { target: { ...record, name }, metrics: target.metrics ?? null, kernel: local?.kernel ?? null };
}

/** The space of a table is its rows, which no job could say. */
function refuseTables(local: LocalDevice | undefined): Described {
  if (local?.target.kind === 'device') return local.target;
  throw new InputError('--target', 'a table of times is no device', '`tune` takes it');
}

/** Studies of the program that the worker's own command line names. */
function ofProgram(own: (seed: number) => Promise<LocalDevice | undefined>, flags: DeviceFlags): OwnStudies {
  return async (spec) => {
    const device = await own(spec.seed);
    if (device === undefined) throw new InputError('target', 'is none of this worker');
    const { kernel } = device;
    if (spec.kernel.name !== kernel.name)
      throw new InputError('kernel', `this worker runs ${kernel.name}, not ${spec.kernel.name}`);
    return bindStudy(
      { ...spec, target: device.reference },
      { ...device, kernel: kernelWith(kernel, spec, flags) },
    );
  };
}

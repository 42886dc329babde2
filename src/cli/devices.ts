import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { InputError } from '../../search-space/input-error.ts';
import { DEFAULT_TARGET } from '../ask/study-spec.ts';
import { isOfLibrary } from '../kernels/library.ts';
import { type OpaqueKernel, UNKNOWN_DTYPE } from '../kernels/opaque.ts';
import { parseShape } from '../kernels/shape.ts';
import type { Permit } from '../programs/keeper/permit.ts';
import type { Target } from '../targets/_base.ts';
import type { Surroundings } from '../targets/command/backend.ts';
import { type CMaking, cProgram } from '../targets/command/c-file/c-program.ts';
import { commandTarget } from '../targets/command/target.ts';
import type { TargetReference } from '../targets/reference.ts';
import { loadReplayTable } from '../targets/replay/table.ts';
import { replayTarget } from '../targets/replay/target.ts';
import type { Flags } from './flags.ts';
import { makingFrom, refuseWithoutC } from './options/c-file.ts';
import {
  type DeviceFlags,
  type deviceOptions,
  keptFrom,
  programFrom,
  readUserSpace,
  refuseDeviceFlags,
  type UserSpace,
  userSpaceOf,
} from './options/device.ts';
import { type GlobalOption, storePath } from './options/global.ts';
import { targetReference } from './references.ts';
import type { Session } from './session.ts';
import { Spaces } from './spaces.ts';

/** A device that only this process can run: a user's program, or a table of measured times. */
export type LocalDevice = Readonly<{
  reference: TargetReference;
  kernel: OpaqueKernel;
  source: 'opaque';
  target: Target<OpaqueKernel>;
  /** A sentence for each part of a file that was left out. */
  notes: readonly string[];
}>;

type Around = Readonly<{
  /** The store: what programs leave running is ended by the next visit of it. */
  place: string;
  /** The target of whoever gives a program and names none. */
  ofProgram: string;
  permit: Permit;
}>;

type Asked = Flags<'kernel' | 'shape' | 'dtype' | 'target' | keyof typeof deviceOptions | GlobalOption>;

const COMMAND = /^command(?::(.+))?$/;
const REPLAY = /^replay:(.+)$/;

/** Another place than the store, for programs that run beside a visit of it. */
export const NO_STORE = ':memory:';

/**
 * The device for `--target command`, `command:<name>` or `replay:<file>`; undefined for other targets.
 * Throws InputError for an unusable space, program or table.
 */
export async function localDeviceOf(
  flags: Asked,
  seed: number,
  session: Session,
  around: Partial<Around> = {},
): Promise<LocalDevice | undefined> {
  const { place = storePath(flags.text('store'), session.env), ofProgram = '', permit } = around;
  refuseWithoutC(flags);
  const isOfC = flags.text('c') !== undefined;
  const usual = flags.rest().length > 0 ? ofProgram : '';
  const reference = flags.text('target') ?? (isOfC ? 'command' : usual);
  const [command, device] = COMMAND.exec(reference) ?? [];
  if (command !== undefined)
    return {
      reference: targetReference(reference),
      ...(await commandDevice(flags, device ?? 'command', { seed, place, permit }, session)),
    };
  refuseDeviceFlags(flags, flags.text('target') ?? DEFAULT_TARGET);
  const [, file] = REPLAY.exec(reference) ?? [];
  if (file === undefined) return undefined;
  if (flags.text('timeout') !== undefined)
    throw new InputError('--timeout', 'a table of times has nothing that could take long', 'leave it out');
  const table = await loadReplayTable(file, new Spaces(flags, session).define);
  const target = replayTarget(table, seed);
  return {
    reference: targetReference(reference),
    kernel: kernelOf(flags, table.kernel),
    source: 'opaque',
    target,
    notes: table.notes,
  };
}

async function commandDevice(
  flags: Asked,
  name: string,
  { seed, place, permit }: Readonly<{ seed: number; place: string; permit: Permit | undefined }>,
  session: Session,
): Promise<Omit<LocalDevice, 'reference'>> {
  const making = makingFrom(flags);
  const made = making && cProgram(making);
  if (making !== undefined && flags.text('kernel') === undefined) refuseNamesake(making.file);
  const space = await spaceFrom(flags, making, session);
  const program = programFrom(flags, made);
  const target = commandTarget({
    ...space,
    name,
    program,
    firmware: flags.text('firmware') ?? '',
    surroundings: surroundingsOf(flags, seed, place, permit),
  });
  return {
    kernel: kernelOf(flags, space.name, made?.dtype),
    source: 'opaque',
    target,
    notes: program.check === undefined && made !== undefined ? [UNCHECKED] : [],
  };
}

/** A kernel with the name of a library kernel gets another one in lists and exports. */
function refuseNamesake({ path, stem }: CMaking['file']): void {
  if (!isOfLibrary(stem)) return;
  const problem = `${stem} is the name of a library kernel`;
  throw new InputError(`--c ${path}`, problem, `name yours: tune my-${stem} --c ${path}`);
}

const UNCHECKED = 'results are not checked, as this program is not nightshift’s own: give --check';

function spaceFrom(flags: Asked, making: CMaking | undefined, session: Session): Promise<UserSpace> {
  const build = new Spaces(flags, session).define;
  if (making !== undefined) return userSpaceOf(making.file, build);
  const path = flags.text('space');
  if (path !== undefined) return readUserSpace(path, build);
  const problem = 'is missing: --target command needs a space file, or a C file with --c';
  throw new InputError('--space', problem, 'docs/devices.md shows both');
}

/** Builds are kept beside the store; those of a store in memory end with it. */
function surroundingsOf(
  flags: Asked & DeviceFlags,
  seed: number,
  store: string,
  permit: Permit | undefined,
): Surroundings {
  const keeping = { mark: markOf(store), kept: keptFrom(flags), permit };
  return { keeping, seed, ...(store !== NO_STORE && { buildFolder: `${resolve(store)}-builds` }) };
}

/** A mark for all visits that write the same store, of which one runs at a time. Each store in memory has its own. */
function markOf(store: string): string {
  const place = store === NO_STORE ? `${store} ${process.pid}` : resolve(store);
  return createHash('sha256').update(place).digest('hex').slice(0, 16);
}

function kernelOf(flags: Asked, name: string, dtype: string = UNKNOWN_DTYPE): OpaqueKernel {
  const shape = flags.text('shape');
  return Object.freeze({
    kind: 'opaque',
    name: flags.text('kernel') ?? name,
    shape: shape === undefined ? [] : parseShape(shape),
    dtype: flags.text('dtype') ?? dtype,
  });
}

import { InputError } from '../../search-space/input-error.ts';
import { type OpaqueKernel, UNKNOWN_DTYPE } from '../kernels/opaque.ts';
import { parseShape } from '../kernels/shape.ts';
import { commandTarget } from '../targets/command/target.ts';
import { loadReplayTable } from '../targets/replay/table.ts';
import { replayTarget } from '../targets/replay/target.ts';
import type { Flags } from './flags.ts';
import {
  commandFrom,
  type DeviceFlags,
  type deviceOptions,
  readUserSpace,
  refuseDeviceFlags,
} from './options/device.ts';
import type { GlobalOption } from './options/global.ts';
import { DEFAULT_TARGET } from './options/kernel.ts';
import type { Question } from './questions.ts';
import type { Session } from './session.ts';

type Asked = Flags<'kernel' | 'shape' | 'dtype' | 'target' | keyof typeof deviceOptions | GlobalOption>;

const COMMAND = /^command(?::(.+))?$/;
const REPLAY = /^replay:(.+)$/;

/**
 * The question where `--target` is `command`, `command:<name>` or `replay:<file>`; undefined for others.
 * Throws InputError for a space, program or table that cannot be taken.
 */
export async function opaqueQuestionOf(
  flags: Asked,
  seed: number,
  session: Session,
): Promise<Question<OpaqueKernel> | undefined> {
  const reference = flags.text('target') ?? '';
  const [command, device] = COMMAND.exec(reference) ?? [];
  if (command !== undefined) return commandQuestion(flags, device ?? 'command', session);
  refuseDeviceFlags(flags, flags.text('target') ?? DEFAULT_TARGET);
  const [, file] = REPLAY.exec(reference) ?? [];
  if (file === undefined) return undefined;
  const table = await loadReplayTable(file);
  return { kernel: kernelOf(flags, table.kernel), source: 'opaque', target: replayTarget(table, seed) };
}

function commandQuestion(flags: Asked & DeviceFlags, name: string, session: Session): Question<OpaqueKernel> {
  const path = flags.text('space');
  if (path === undefined) {
    throw new InputError(
      '--space',
      'is missing: --target command needs a space file',
      'docs/devices.md shows one',
    );
  }
  const { space, default: preferred, name: spaceName } = readUserSpace(path);
  const target = commandTarget({
    name,
    command: commandFrom(flags),
    firmware: flags.text('firmware') ?? '',
    space,
    default: preferred,
    elapsed: session.clock.elapsed,
  });
  return { kernel: kernelOf(flags, spaceName), source: 'opaque', target };
}

function kernelOf(flags: Asked, name: string): OpaqueKernel {
  const shape = flags.text('shape');
  return Object.freeze({
    kind: 'opaque',
    name: flags.text('kernel') ?? name,
    shape: shape === undefined ? [] : parseShape(shape),
    dtype: flags.text('dtype') ?? UNKNOWN_DTYPE,
  });
}

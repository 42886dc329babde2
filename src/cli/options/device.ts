import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { defineSpace } from '../../../search-space/define-space.ts';
import { explain } from '../../../search-space/explain.ts';
import { InputError } from '../../../search-space/input-error.ts';
import type { Configuration } from '../../../search-space/parameter.ts';
import type { SearchSpace } from '../../../search-space/search-space.ts';
import { readSpaceFile } from '../../../search-space/space-file.ts';
import { type Command, TIME_SOURCES } from '../../targets/command/backend.ts';
import { UNITS } from '../../targets/command/reading.ts';
import { parseDuration } from '../../text/duration.ts';
import type { OptionSpec } from '../command.ts';
import type { Flags } from '../flags.ts';
import { splitWords } from '../split-words.ts';

const GROUP = "With --target command, a device of one's own (docs/devices.md):";
const TIMEOUT_MS = 60_000;

export const deviceOptions = Object.freeze({
  space: { kind: 'text', describe: 'A JSON file with parameters and constraints', group: GROUP },
  check: {
    kind: 'text',
    describe: "'./check.sh {tile}' exits with 0 where a configuration computes the right thing",
    group: GROUP,
  },
  timeout: { kind: 'text', describe: 'Give up an execution after so long', otherwise: '1m', group: GROUP },
  firmware: {
    kind: 'text',
    describe: 'What results depend on: firmware, compiler, board; another text is another target',
    group: GROUP,
  },
  time: {
    kind: 'text',
    describe: 'output or duration: where the time comes from',
    otherwise: 'output; duration where nothing is printed',
    group: GROUP,
  },
  unit: { kind: 'text', describe: `Of a plain number: ${UNITS.join(', ')}`, otherwise: 'us', group: GROUP },
} as const satisfies Record<string, OptionSpec>);

export type DeviceFlags = Flags<keyof typeof deviceOptions>;

/** How the flags and the words after `--` say to measure. Throws InputError. */
export function commandFrom(flags: DeviceFlags): Command {
  const check = flags.text('check');
  const timeout = flags.text('timeout');
  const timeSource =
    flags.text('time') === undefined ? undefined : flags.oneOf('time', TIME_SOURCES, 'output');
  return {
    argv: flags.rest(),
    timeoutMs: timeout === undefined ? TIMEOUT_MS : parseDuration('--timeout', timeout),
    unit: flags.oneOf('unit', UNITS, 'us'),
    ...(check !== undefined && { check: splitWords('--check', check) }),
    ...(timeSource !== undefined && { timeSource }),
  };
}

/** Refuses what only a user's own device understands. */
export function refuseDeviceFlags(flags: DeviceFlags, target: string): void {
  for (const name of ['space', 'check', 'timeout', 'firmware', 'time', 'unit'] as const) {
    if (flags.text(name) === undefined) continue;
    throw new InputError(
      `--${name}`,
      `means nothing to target '${target}'`,
      'it belongs to --target command',
    );
  }
  if (flags.rest().length > 0) {
    throw new InputError('--', `target '${target}' executes no program`, 'use --target command');
  }
}

export type UserSpace = Readonly<{ name: string; space: SearchSpace; default: Configuration }>;

/** Reads a user's space file; its default, or else its first member. Throws InputError. */
export function readUserSpace(path: string): UserSpace {
  const {
    name,
    parameters,
    constraints,
    default: preferred,
  } = within(path, () => readSpaceFile(readJson(path)));
  const space = within(path, () => defineSpace(parameters, constraints));
  const problem = preferred === undefined ? undefined : explain(space, preferred);
  if (problem !== undefined) throw new InputError(`--space ${path}: default`, problem);
  return { name: name ?? basename(path).replace(/\.json$/, ''), space, default: preferred ?? space.at(0) };
}

function readJson(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new InputError('--space', `cannot read ${path}`, 'is the path right?');
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new InputError('--space', `${path} is not JSON`);
  }
}

/** An error within the file names the file. */
function within<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof InputError) || error.field === '--space') throw error;
    throw new InputError(`--space ${path}`, error.message);
  }
}

import { basename } from 'node:path';
import type { BuildSpace } from '../../../search-space/define-space.ts';
import { explain } from '../../../search-space/explain.ts';
import { InputError } from '../../../search-space/input-error.ts';
import type { Configuration } from '../../../search-space/parameter.ts';
import type { SearchSpace } from '../../../search-space/search-space.ts';
import type { SpaceFile } from '../../../search-space/space-definition.ts';
import { readSpaceFile } from '../../../search-space/space-file.ts';
import type { Sampling } from '../../../tuner/backend.ts';
import type { StudySpec } from '../../ask/study-spec.ts';
import { UNITS } from '../../programs/reading.ts';
import type { CFile } from '../../targets/command/c-file/c-file.ts';
import type { MadeOfC } from '../../targets/command/c-file/c-program.ts';
import { type DeviceProgram, TIME_SOURCES } from '../../targets/command/program.ts';
import { parseDuration } from '../../text/duration.ts';
import { MOST_OF_SPACE, readJson } from '../../text/read-json.ts';
import type { Flags } from '../flags.ts';
import { refuseShell } from '../refuse-shell.ts';
import { splitWords } from '../split-words.ts';
import type { OptionSpec } from './_base.ts';
import { cFileOptions } from './c-file.ts';

const GROUP = 'With --target command, your own device (docs/devices.md):';
const TIMEOUT_MS = 60_000;

export const deviceOptions = Object.freeze({
  ...cFileOptions,
  space: { kind: 'text', describe: 'A JSON file with parameters and constraints', group: GROUP },
  build: {
    kind: 'text',
    describe:
      "'cc -DTILE={tile} -o {build}/conv conv.c' makes each configuration's program, in its folder {build}",
    group: GROUP,
  },
  serve: {
    kind: 'switch',
    describe: 'The program stays: it reads a configuration a line (JSON) and answers a line',
    group: GROUP,
  },
  check: {
    kind: 'text',
    describe: "'./check.sh {tile}' exits with 0 if the configuration's result is right",
    group: GROUP,
  },
  samples: {
    kind: 'text',
    describe: 'Executions of each configuration: a number, or a precision such as 2%',
    otherwise: 'as many as its rank needs',
    group: GROUP,
  },
  'warm-ups': {
    kind: 'text',
    describe: 'Executions of each configuration that do not count, before those that do',
    otherwise: 'none',
    group: GROUP,
  },
  timeout: {
    kind: 'text',
    describe: 'End a build or an execution after this long; with --target native, a compiler',
    otherwise: '1m',
    group: GROUP,
  },
  firmware: {
    kind: 'text',
    describe: 'What results depend on: firmware, compiler, board; a different text is a different target',
    group: GROUP,
  },
  time: {
    kind: 'text',
    describe: "Where the time comes from: the program's output, or its duration",
    words: TIME_SOURCES,
    otherwise: 'output; duration where nothing is printed',
    group: GROUP,
  },
  unit: {
    kind: 'text',
    describe: `The unit of a plain number: ${UNITS.join(', ')}`,
    words: UNITS,
    otherwise: 'us',
    group: GROUP,
  },
  'keep-running': {
    kind: 'list',
    describe: 'The name of a process that may go on after the program (adb). Repeatable',
    otherwise: 'all that the program started ends with it',
    group: GROUP,
  },
} as const satisfies Record<string, OptionSpec>);

const DEVICE_ONLY = Object.freeze([
  'c',
  'harness',
  'cc',
  'space',
  'build',
  'serve',
  'check',
  'samples',
  'warm-ups',
  'firmware',
  'time',
  'unit',
  'keep-running',
] as const satisfies readonly (keyof typeof deviceOptions)[]);

export type DeviceFlags = Flags<keyof typeof deviceOptions>;

/**
 * The program that measures, from the flags and the words after `--`; of a C file, what it is made of. Throws InputError.
 */
export function programFrom(flags: DeviceFlags, made?: MadeOfC): DeviceProgram {
  const words = flags.rest();
  const ofC = made && (words.length === 0 ? made.program : withoutCheck(made.program));
  const build = commandLine(flags, 'build');
  const check = commandLine(flags, 'check');
  const sampling = samplingFrom(flags);
  const warmUps = flags.count('warm-ups');
  const timeout = flags.text('timeout');
  const timeSource =
    flags.text('time') === undefined ? undefined : flags.oneOf('time', TIME_SOURCES, 'output');
  return {
    ...ofC,
    argv: ofC !== undefined && words.length === 0 ? ofC.argv : words,
    timeoutMs: timeout === undefined ? TIMEOUT_MS : parseDuration('--timeout', timeout),
    unit: flags.oneOf('unit', UNITS, 'us'),
    ...(build !== undefined && { build }),
    ...(check !== undefined && { check }),
    ...(flags.isOn('serve') && { serves: true, timeSource: 'output' }),
    ...(sampling !== undefined && { sampling }),
    ...(warmUps !== undefined && { warmUps }),
    ...(timeSource !== undefined && { timeSource }),
  };
}

/** Words of the user may run the program elsewhere, where only the user knows how to check. */
function withoutCheck({ check: _, ...program }: MadeOfC['program']): MadeOfC['program'] {
  return program;
}

/** The words of a command line in a flag. Throws InputError for what only a shell understands. */
function commandLine(flags: DeviceFlags, name: 'build' | 'check'): readonly string[] | undefined {
  const text = flags.text(name);
  if (text === undefined) return undefined;
  refuseShell(`--${name}`, text);
  return splitWords(`--${name}`, text);
}

function samplingFrom(flags: DeviceFlags): Sampling | undefined {
  const asked = flags.text('samples');
  if (asked === undefined) return undefined;
  const [, percent] = /^(\d+(?:\.\d+)?)%$/.exec(asked) ?? [];
  if (percent === undefined && /\D/.test(asked))
    throw new InputError('--samples', `is neither a number nor a precision: '${asked}'`, '5, or 2%');
  if (percent === undefined) return { kind: 'count', count: flags.count('samples') ?? 1 };
  const share = Number(percent) / 100;
  if (share >= 0.001 && share <= 0.5) return { kind: 'precision', share };
  throw new InputError('--samples', `'${asked}' is no precision`, 'from 0.1% to 50%');
}

/** Names of processes that may go on when the program has ended. Throws InputError for an empty one. */
export function keptFrom(flags: DeviceFlags): readonly string[] {
  const kept = flags.list('keep-running');
  if (kept.includes(''))
    throw new InputError('--keep-running', 'is empty', 'name a process, as ps does: adb');
  return kept;
}

/** What a study of another target has of these flags. Throws InputError for what is no duration. */
export function timeoutFrom(flags: Flags<'timeout'>): Pick<StudySpec, 'timeout'> {
  const timeout = flags.text('timeout');
  if (timeout === undefined) return {};
  parseDuration('--timeout', timeout);
  return { timeout };
}

/** Throws InputError for flags that only a user’s own device takes. */
export function refuseDeviceFlags(flags: DeviceFlags, target: string): void {
  for (const name of DEVICE_ONLY) {
    if (flags.list(name).length === 0) continue;
    throw new InputError(`--${name}`, `is not for target '${target}'`, 'use it with --target command');
  }
  if (flags.rest().length > 0) {
    throw new InputError('--', `target '${target}' runs no program`, 'use --target command');
  }
}

export type UserSpace = Readonly<{ name: string; space: SearchSpace; default: Configuration }>;

/** What `{name}` in a program's words can be. */
const PLACEHOLDER_NAME = /^[A-Za-z_]\w*$/;

/** Reads a user's space file. Without a default, the first configuration is it. Throws InputError, and Interrupted. */
export async function readUserSpace(path: string, build: BuildSpace): Promise<UserSpace> {
  const field = `--space ${path}`;
  const file = await within(field, async () => readSpaceFile(readJson('--space', path, MOST_OF_SPACE)));
  const { name, parameters } = file;
  const unfit = parameters.find((parameter) => !PLACEHOLDER_NAME.test(parameter.name));
  if (unfit !== undefined) {
    const problem = `the name '${unfit.name}' cannot be written as a placeholder`;
    const hint = 'letters a to z, digits and _ can, and the first is no digit';
    throw new InputError(`${field}: parameters`, problem, hint);
  }
  return builtFrom(field, { name: name ?? basename(path).replace(/\.json$/, ''), ...file }, build);
}

/** The space that a C file marks. Throws InputError, and Interrupted. */
export async function userSpaceOf({ path, stem, space }: CFile, build: BuildSpace): Promise<UserSpace> {
  return builtFrom(`--c ${path}`, { ...space, name: stem }, build);
}

async function builtFrom(
  field: string,
  { name, parameters, constraints, default: preferred }: SpaceFile & Readonly<{ name: string }>,
  build: BuildSpace,
): Promise<UserSpace> {
  const space = await within(field, () => build({ parameters, constraints }));
  const problem = preferred === undefined ? undefined : explain(space, preferred);
  if (problem !== undefined) throw new InputError(`${field}: default`, problem);
  return { name, space, default: preferred ?? space.at(0) };
}

/** Adds the file's name to an error within it. */
async function within<T>(field: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof InputError) || error.field === '--space') throw error;
    throw new InputError(field, error.message);
  }
}

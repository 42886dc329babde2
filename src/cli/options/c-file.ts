import { InputError } from '../../../search-space/input-error.ts';
import { Sources } from '../../targets/command/builds/sources.ts';
import { type CFile, readCFile } from '../../targets/command/c-file/c-file.ts';
import type { CMaking } from '../../targets/command/c-file/c-program.ts';
import { readText } from '../../text/read-json.ts';
import type { Flags } from '../flags.ts';
import { refuseShell } from '../refuse-shell.ts';
import { splitWords } from '../split-words.ts';
import type { OptionSpec } from './_base.ts';

const GROUP = 'A C file (docs/c-kernels.md):';
const COMPILER = 'cc -O3 -march=native';
const MOST_BYTES = 4 << 20;

export const cFileOptions = Object.freeze({
  c: {
    kind: 'text',
    describe: 'A C file: the macros that it marks are tuned, and its function is compiled, checked and timed',
    group: GROUP,
  },
  harness: {
    kind: 'text',
    describe: 'A C file with a main that times the function; compiled with it',
    otherwise: "the file's own main, or else nightshift's",
    group: GROUP,
  },
  cc: {
    kind: 'text',
    describe: 'The compiler and its options, with more files and libraries',
    otherwise: COMPILER,
    group: GROUP,
  },
} as const satisfies Record<string, OptionSpec>);

/** Throws InputError for an option of a C file where none is named. */
export function refuseWithoutC(flags: Flags<'c' | 'harness' | 'cc'>): void {
  for (const name of ['harness', 'cc'] as const)
    if (flags.text('c') === undefined && flags.text(name) !== undefined)
      throw new InputError(`--${name}`, 'is for a C file', 'name it with --c');
}

type CFlags = Flags<keyof typeof cFileOptions | 'space' | 'build' | 'serve'>;

/** What `--c` names; undefined if it is not given. Throws InputError for options that do not go together. */
export function makingFrom(flags: CFlags): CMaking | undefined {
  const path = flags.text('c');
  if (path === undefined) return undefined;
  for (const [name, hint] of NOT_WITH_C)
    if (flags.list(name).length > 0) throw new InputError(`--${name}`, 'does not go with --c', hint);
  const harness = flags.text('harness');
  return {
    file: cFileAt(path),
    compiler: compilerFrom(flags.text('cc') ?? COMPILER),
    ...(harness !== undefined && { harness: { path: harness, text: textAt('--harness', harness) } }),
  };
}

const NOT_WITH_C = [
  ['space', 'the file says its macros and their values'],
  ['build', '--cc names the compiler and its options'],
  ['serve', 'a C file is built for each configuration'],
] as const;

/** Reads a C file and its marks. Throws InputError. */
export function cFileAt(path: string): CFile {
  return readCFile(path, textAt('--c', path));
}

function textAt(field: string, path: string): string {
  return readText(field, path, MOST_BYTES);
}

function compilerFrom(text: string): readonly string[] {
  refuseShell('--cc', text);
  const words = splitWords('--cc', text);
  if (new Sources().program(words[0]).length > 0) return words;
  throw new InputError('--cc', `there is no program '${words[0]}'`, "name one, as in --cc 'gcc -O2'");
}

import { readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { InputError } from '../../../../search-space/input-error.ts';
import type { DeviceProgram } from '../program.ts';
import type { Template } from '../template.ts';
import { type CFile, signatureOf } from './c-file.ts';
import { callCode } from './call-code.ts';
import { hasMain, type Signature } from './signature.ts';

/** How a C file becomes a program. */
export type CMaking = Readonly<{
  file: CFile;
  /** A C file with a main that times the function by itself. */
  harness?: Readonly<{ path: string; text: string }>;
  /** The compiler and its options. */
  compiler: Template;
}>;

/** The program of a C file. */
export type MadeOfC = Readonly<{
  program: Pick<DeviceProgram, 'argv' | 'build' | 'check' | 'c'>;
  /** The type of the function's data, if it is known and has a name of ours. */
  dtype: string | undefined;
}>;

const PROGRAM = '{build}/program';
const MAIN = Object.freeze(['nightshift-main.h', 'nightshift-main.c']);
const CALL = 'nightshift-call.c';

/**
 * The build and program of a C file: with the user's main, with the file's own, or with ours, which also checks results.
 * Throws InputError for options that it sets itself, a harness without main, and a function that ours cannot call.
 */
export function cProgram(making: CMaking): MadeOfC {
  checkOptions(making);
  const { file, harness } = making;
  if (harness !== undefined) {
    if (!hasMain(harness.text))
      throw new InputError(
        `--harness ${harness.path}`,
        'has no main',
        'without --harness nightshift brings one',
      );
    const isIncluded = harness.text.includes(`"${basename(file.path)}"`);
    return byAnother(making, isIncluded ? [harness.path] : [file.path, harness.path]);
  }
  if (file.hasMain) return byAnother(making, [file.path]);
  return withOurMain(making, signatureOf(file));
}

/** With a main that is not ours: what it prints is the time, and only the user knows how to check. */
function byAnother(making: CMaking, sources: readonly string[]): MadeOfC {
  const c = { file: making.file.path, given: {}, extents: 0 };
  return { program: { argv: [PROGRAM], build: buildOf(making, sources), c }, dtype: undefined };
}

function withOurMain(making: CMaking, signature: Signature): MadeOfC {
  const { path } = making.file;
  const extents = signature.takes.filter(({ kind }) => kind === 'extent').length;
  const build = buildOf(
    making,
    [`{build}/${CALL}`, '{build}/nightshift-main.c'],
    ['-iquote', dirname(path)],
    [
      '-DNIGHTSHIFT_SEED={seed}',
      ...Array.from({ length: extents }, (_, place) => `-DNIGHTSHIFT_EXTENT_${place}={shape.${place}}`),
    ],
  );
  const given = Object.fromEntries([
    ...MAIN.map((name) => [name, readFileSync(new URL(name, import.meta.url), 'utf8')]),
    [CALL, callCode(basename(path), signature)],
  ]);
  const check = [PROGRAM, 'check', '{defaultBuild}/program'];
  return {
    program: { argv: [PROGRAM], build, check, c: { file: path, given, extents } },
    dtype: dtypeOf(signature),
  };
}

/**
 * The options of the user come first, libraries last: a linker takes from a library only what is already needed. `first`
 * stands before all other options, `more` after them.
 */
function buildOf(
  { file, compiler }: CMaking,
  sources: readonly string[],
  first: readonly string[] = [],
  more: readonly string[] = [],
): Template {
  const [options, libraries] = partAt(compiler, (word) => /^-l|\.(?:a|o|so)$/.test(word));
  const [program, others] = partAt(options, (word) => word.startsWith('-'));
  const macros = file.macros.map(({ macro, parameter }) => `-D${macro}={${parameter}}`);
  return [
    ...program,
    ...first,
    ...others,
    ...more,
    ...macros,
    ...sources,
    '-o',
    PROGRAM,
    ...libraries,
    '-lm',
  ];
}

function partAt(words: Template, isNext: (word: string) => boolean): readonly [Template, Template] {
  const place = words.findIndex((word, at) => at > 0 && isNext(word));
  return place < 0 ? [words, []] : [words.slice(0, place), words.slice(place)];
}

const OURS = /^-(?:o.*|c|S|E|MM?)$/;

function checkOptions({ file, compiler }: CMaking): void {
  for (const [place, word] of compiler.entries()) {
    if (OURS.test(word))
      throw new InputError('--cc', `has ${word}, which nightshift sets by itself`, 'leave it out');
    const defined = /^-D\s*(\w+)/.exec(word === '-D' ? `-D${compiler[place + 1]}` : word)?.[1];
    const tuned = file.macros.find(({ macro }) => macro === defined);
    if (tuned === undefined) continue;
    throw new InputError(
      '--cc',
      `defines ${tuned.macro}, which is tuned`,
      `--fix ${tuned.parameter}=… keeps one value`,
    );
  }
}

const DTYPES: Readonly<Record<string, string>> = Object.freeze({
  float: 'f32',
  double: 'f64',
  _Float16: 'f16',
  __fp16: 'f16',
  __bf16: 'bf16',
  int8_t: 'i8',
  int16_t: 'i16',
  int: 'i32',
  int32_t: 'i32',
  int64_t: 'i64',
  uint8_t: 'u8',
});

/** The type of the first array, where it has a name of ours. */
function dtypeOf({ takes }: Signature): string | undefined {
  const first = takes.find(({ kind }) => kind === 'array');
  return first && Object.hasOwn(DTYPES, first.type) ? DTYPES[first.type] : undefined;
}

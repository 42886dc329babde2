import { basename } from 'node:path';
import { InputError } from '../../../../search-space/input-error.ts';
import type { SpaceFile } from '../../../../search-space/space-definition.ts';
import { readSpaceFile } from '../../../../search-space/space-file.ts';
import { type Marked, readMarkers, type TunedMacro } from './markers.ts';
import { parameterNameOf } from './parameter-name.ts';
import { hasMain, readSignature, type Signature } from './signature.ts';
import { refuseUndefinedWords } from './undefined-words.ts';

/** A C file whose marked macros are the parameters. */
export type CFile = Readonly<{
  path: string;
  /** The name of the file without its ending. */
  stem: string;
  /** The parameters, constraints and default, as a space file would have them. */
  space: SpaceFile;
  /** Each macro with its parameter. */
  macros: readonly Readonly<{ macro: string; parameter: string }>[];
  /** Whether it is a program by itself. */
  hasMain: boolean;
  text: string;
}>;

/** Reads the marks of a C file. Throws InputError that names file, line and macro. */
export function readCFile(path: string, text: string): CFile {
  if (!path.endsWith('.c'))
    throw new InputError('--c', `'${path}' is no .c file`, 'other languages: --space with --build');
  const file = basename(path);
  if (/["\\\p{Cc}]/u.test(file))
    throw new InputError('--c', `'${file}' cannot be included by C`, 'rename it');
  const marked = readMarkers(path, text);
  refuseUndefinedWords(path, text, marked.macros);
  return {
    path,
    stem: file.slice(0, -'.c'.length),
    space: spaceOf(path, file.slice(0, -'.c'.length), marked),
    macros: marked.macros.map(({ name }) => ({ macro: name, parameter: parameterNameOf(name) })),
    hasMain: hasMain(text),
    text,
  };
}

/** The function of a C file that our main times. Throws InputError that names file, line and parameter. */
export function signatureOf({ path, stem, text }: CFile): Signature {
  return readSignature(path, stem, text);
}

/** The marks, read as the space file that says the same. */
function spaceOf(path: string, name: string, { macros, constraints }: Marked): SpaceFile {
  const words = new Set(macros.flatMap(({ values }) => values.filter((value) => typeof value === 'string')));
  const meanings = new Map([...words].map((word) => [word, `'${word}'`]));
  for (const macro of macros) meanings.set(macro.name, parameterNameOf(macro.name));
  const conditionOf = (text: string): string => expressionOf(text, meanings);
  try {
    return readSpaceFile({
      name,
      parameters: macros.map(({ name: macro, values, usual, tag, when }) => ({
        name: parameterNameOf(macro),
        values,
        // Where it has no effect, it stays as the file defines it.
        ...(when !== undefined && { activeWhen: conditionOf(when), off: usual }),
        ...(tag !== undefined && { tag, off: values[0] }),
      })),
      constraints: constraints.map(({ text }) => ({ text: conditionOf(text), sentence: text })),
      default: Object.fromEntries(macros.map(({ name: macro, usual }) => [parameterNameOf(macro), usual])),
    });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw placed(error, path, macros, constraints);
  }
}

/** As a constraint: C's `&&` and `||` in words, macros by their parameters, and a value that is a word in quotes. */
function expressionOf(text: string, meanings: ReadonlyMap<string, string>): string {
  return text.replaceAll(/'[^']*'|"[^"]*"|&&|\|\||[A-Za-z_]\w*/g, (found) => {
    if (found === '&&') return 'and';
    if (found === '||') return 'or';
    return meanings.get(found) ?? found;
  });
}

const PLACE = /^(parameters|constraints)\[(\d+)\](?:\.\w+)?: |^parameter '(\w+)': /;

/** The same error at the line of the mark that is wrong. */
function placed(
  error: InputError,
  path: string,
  macros: readonly TunedMacro[],
  constraints: Marked['constraints'],
): InputError {
  const [found = '', list, place, name] = PLACE.exec(error.message) ?? [];
  const macro =
    list === 'parameters' ? macros[Number(place)] : macros.find((one) => parameterNameOf(one.name) === name);
  const line = (list === 'constraints' ? constraints[Number(place)] : macro)?.line;
  const at = [`--c ${path}`, ...(line === undefined ? [] : [`:${line}`])].join('');
  return new InputError(macro === undefined ? at : `${at}: ${macro.name}`, error.message.slice(found.length));
}

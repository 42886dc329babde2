import { InputError } from '../../../../search-space/input-error.ts';
import type { Value } from '../../../../search-space/parameter.ts';
import { parseValueList } from '../../../../search-space/values-text.ts';
import { Guards } from './guards.ts';

/** A macro with the values that may be tried; the one that the file defines is the default. */
export type TunedMacro = Readonly<{
  line: number;
  name: string;
  values: readonly Value[];
  usual: Value;
  /** The mechanism it belongs to; its first value switches it off. */
  tag?: string;
  /** The condition without which it has no effect. */
  when?: string;
}>;

/** A comment of its own that says which configurations are possible. */
export type MarkedConstraint = Readonly<{ line: number; text: string }>;

export type Marked = Readonly<{ macros: readonly TunedMacro[]; constraints: readonly MarkedConstraint[] }>;

const MARKER = /(?:\/\/|\/\*)[ \t]*nightshift(?:[ \t]+(\w+))?[ \t]*:(.*?)(?:\*\/.*)?$/;
const DEFINE = /^[ \t]*#[ \t]*define[ \t]+(\w+)(\()?(.*)$/;
const TAGS = ['vec', 'mt', 'db'];
/** As C and the numbers of JavaScript both write a number, so that `-DTILE=…` is what the file says. */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d*[1-9])?$|^0[xX][\da-fA-F]+$/;
const WORD = /^[-+.\w]+$/;
/** Names that a compiler or the words of a build need themselves. */
const KEYWORDS =
  /^(?:auto|break|case|char|const|continue|default|do|double|else|enum|extern|float|for|goto|if|inline|int|long|register|restrict|return|short|signed|sizeof|static|struct|switch|typedef|union|unsigned|void|volatile|while|defined|main|and|or|not|in|is|lambda|True|False|min|max|abs|shape|dtype|seed|build|defaultBuild|configuration|nightshift_\w*|NIGHTSHIFT_\w*|__\w*)$/;

/**
 * Reads the marks in a C file: `#define TILE 32 // nightshift: 8, 16, 32`, and constraints in comments of their own. `path`
 * is for messages. Throws InputError that names the file, line and macro.
 */
export function readMarkers(path: string, text: string): Marked {
  const guards = new Guards();
  const macros: TunedMacro[] = [];
  const constraints: MarkedConstraint[] = [];
  for (const [place, whole] of text.split(/\r?\n/).entries()) {
    guards.read(whole);
    const [mark, tag, said] = MARKER.exec(whole) ?? [];
    if (mark === undefined) continue;
    const line = place + 1;
    const before = whole.slice(0, whole.indexOf(mark));
    const at = `--c ${path}:${line}`;
    if (DEFINE.test(before)) macros.push(readMacro({ at, line, tag, said: said.trim(), before, guards }));
    else if (before.trim() === '' && tag === undefined) constraints.push({ line, text: said.trim() });
    else throw new InputError(at, 'the comment marks no #define', HOW);
  }
  if (macros.length === 0) throw new InputError(`--c ${path}`, 'no macro is marked', HOW);
  refuseTwice(path, macros);
  return { macros, constraints };
}

const HOW =
  'a macro: #define TILE 32 // nightshift: 8, 16, 32; a constraint, on its own line: // nightshift: TILE <= 16';

type MarkedLine = Readonly<{
  at: string;
  line: number;
  tag: string | undefined;
  said: string;
  before: string;
  guards: Guards;
}>;

function readMacro({ at, line, tag, said, before, guards }: MarkedLine): TunedMacro {
  const [, name = '', call, body = ''] = DEFINE.exec(before) ?? [];
  const of = `${at}: ${name}`;
  if (KEYWORDS.test(name))
    throw new InputError(of, 'is a name with a meaning of its own', 'name the macro otherwise');
  if (call !== undefined) throw new InputError(of, 'takes arguments', 'mark a macro that is a plain value');
  if (!guards.allow(name)) {
    const hint = `write #ifndef ${name} before it and #endif after it`;
    throw new InputError(of, `is defined whatever the build says, so -D${name} would change nothing`, hint);
  }
  if (tag !== undefined && !TAGS.includes(tag))
    throw new InputError(of, `'${tag}' is no mechanism`, `one of ${TAGS.join(', ')}, or none`);
  const [list, when] = split(said, /\bwhen\b/);
  const texts =
    list.startsWith('[') || /^(?:range|list)\b/.test(list) ? computed(of, list) : written(of, list);
  const values = texts.every((text) => NUMBER.test(text)) ? texts.map(Number) : texts;
  const usual = values[texts.indexOf(body.trim())] ?? values.find((value) => value === Number(body.trim()));
  if (body.trim() === '') throw new InputError(of, 'has no value', 'its value is the default');
  if (usual === undefined)
    throw new InputError(
      of,
      `its value ${body.trim()} is not one of ${texts.join(', ')}`,
      'it is the default',
    );
  return { line, name, values, usual, ...(tag && { tag }), ...(when !== undefined && { when }) };
}

function written(of: string, list: string): readonly string[] {
  const texts = list.split(',').map((text) => text.trim());
  const bad = texts.find((text) => !WORD.test(text));
  if (bad === undefined) return texts;
  const problem = bad === '' ? 'a value is missing' : `'${bad}' is neither a number nor a word`;
  throw new InputError(of, problem, 'write the values like 8, 16, 32, with commas');
}

/** A list as in a space file: `[2**i for i in range(3, 8)]`. */
function computed(of: string, list: string): readonly string[] {
  return parseValueList(list, of).map(String);
}

function split(text: string, at: RegExp): readonly [string, string | undefined] {
  const found = at.exec(text);
  if (found === null) return [text, undefined];
  return [text.slice(0, found.index).trim(), text.slice(found.index + found[0].length).trim()];
}

function refuseTwice(path: string, macros: readonly TunedMacro[]): void {
  for (const { name, line } of macros) {
    const first = macros.find((macro) => macro.name === name);
    if (first === undefined || first.line === line) continue;
    throw new InputError(
      `--c ${path}:${line}: ${name}`,
      `is marked in line ${first.line} already`,
      'mark it once',
    );
  }
}

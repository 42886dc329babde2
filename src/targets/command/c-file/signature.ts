import { InputError } from '../../../../search-space/input-error.ts';
import { statementsOf } from './code.ts';

/** What a function takes, in order. */
export type Taken =
  /** An extent of the shape. */
  | Readonly<{ kind: 'extent'; type: string; name: string }>
  /** A number that is no extent. */
  | Readonly<{ kind: 'number'; type: string; name: string }>
  /** Elements of a type; `extents` are C: `[M * K]`. Inputs are const. */
  | Readonly<{ kind: 'array'; type: string; name: string; extents: string; isInput: boolean }>;

/** A function of a C file that is called and timed. */
export type Signature = Readonly<{
  name: string;
  /** The type of its result; undefined for void. */
  result: string | undefined;
  takes: readonly Taken[];
  /** Whether the file has `<name>_reference`, whose results are the right ones. */
  hasReference: boolean;
}>;

const NO_FUNCTIONS = new Set(['if', 'for', 'while', 'switch', 'sizeof', 'return']);
const INTEGER =
  /^(?:unsigned|signed|int|long|short|char)(?: (?:unsigned|signed|int|long|short|char))*$|^(?:u?int(?:_fast|_least)?(?:8|16|32|64)_t|s?size_t|u?intptr_t|ptrdiff_t)$/;
const NUMBERS = new Set(['float', 'double']);
const QUALIFIERS = /\b(?:const|restrict|__restrict__|__restrict|volatile|register)\b/g;

type Definition = Readonly<{ head: string; name: string; list: string; place: number }>;

/** Whether a file defines `main`. */
export function hasMain(text: string): boolean {
  return definitionsIn(text).some(({ name }) => name === 'main');
}

/**
 * The function to time: the one that is called like the file, else the only one that is not static. `path` is for messages.
 * Throws InputError that names the file, line and parameter.
 */
export function readSignature(path: string, stem: string, text: string): Signature {
  const all = definitionsIn(text);
  const { head, name, list, place } = chosen(path, stem, all);
  const at = `--c ${path}:${text.slice(0, place).split('\n').length}: ${name}()`;
  const result = head
    .replaceAll(/\b(?:static|inline|extern|__inline__|__inline|const)\b|__attribute__/g, ' ')
    .trim()
    .replaceAll(/\s+/g, ' ');
  if (result.includes('*')) throw new InputError(at, 'returns a pointer', 'let it return void or a number');
  const words = list.trim();
  const takes =
    words === '' || words === 'void' ? [] : words.split(',').map((word) => readArgument(at, word.trim()));
  const hasReference = all.some((other) => other.name === `${name}_reference`);
  return { name, result: result === 'void' || result === '' ? undefined : result, takes, hasReference };
}

/** What stands before each `) {`: a list in brackets, a name, and a head that begins behind the last statement. */
function definitionsIn(text: string): readonly Definition[] {
  const code = statementsOf(text);
  return [...code.matchAll(/\)\s*\{/g)].flatMap(({ index: end }) => {
    const open = openingOf(code, end);
    if (open === undefined) return [];
    const begin = lastOf(code, open, ';{}');
    const [, head = '', name = ''] = /^(.*?)([A-Za-z_]\w*)$/s.exec(code.slice(begin, open).trim()) ?? [];
    if (name === '' || NO_FUNCTIONS.has(name)) return [];
    return { head: head.trim(), name, list: code.slice(open + 1, end), place: open };
  });
}

/** The bracket that the one at `end` closes; undefined where a statement ends in between. */
function openingOf(code: string, end: number): number | undefined {
  for (let at = end, depth = 0; at >= 0; at--) {
    if (code[at] === ')') depth++;
    else if (code[at] === '(' && --depth === 0) return at;
    else if (at < end && ';{}'.includes(code[at])) return undefined;
  }
  return undefined;
}

/** The place behind the last of these characters before `end`. */
function lastOf(code: string, end: number, characters: string): number {
  let at = end;
  while (at > 0 && !characters.includes(code[at - 1])) at--;
  return at;
}

function chosen(path: string, stem: string, all: readonly Definition[]): Definition {
  const named = all.find(({ name }) => name === stem);
  if (named !== undefined) return named;
  const open = all.filter(
    ({ head, name }) => head !== '' && !/\bstatic\b/.test(head) && !name.endsWith('_reference'),
  );
  const names = [...new Set(open.map(({ name }) => name))];
  if (names.length === 1) return open[0];
  const problem =
    names.length === 0 ? 'has no function that could be timed' : `has several functions: ${names.join(', ')}`;
  const hint = /^[A-Za-z_]\w*$/.test(stem)
    ? `call the one to time ${stem}, like the file, make the others static, or bring a main with --harness`
    : 'make all but one static, or bring a main with --harness';
  throw new InputError(`--c ${path}`, problem, hint);
}

function readArgument(at: string, written: string): Taken {
  const [, head = '', dimensions = ''] = /^([^[\]]*)((?:\[[^\]]*\]\s*)*)$/.exec(written) ?? [];
  const [, type = '', name = ''] = /^(.*[\s*])([A-Za-z_]\w*)$/s.exec(head.trim()) ?? [];
  if (type === '') throw new InputError(at, `cannot read the parameter '${written}'`, SIZED);
  if (type.includes('*') || written.includes('('))
    throw new InputError(
      at,
      `the parameter '${name || written}' is a pointer, so its size is unknown`,
      SIZED,
    );
  const plain = type.replaceAll(QUALIFIERS, ' ').trim().replaceAll(/\s+/g, ' ');
  if (dimensions === '') return numberOf(at, plain, name);
  const extents = dimensions
    .replaceAll(/\[\s*(?:(?:static|const|restrict|volatile)\b\s*)*/g, '[')
    .replaceAll(/\s+/g, ' ');
  if (/\[ ?\]/.test(extents)) throw new InputError(at, `the parameter '${name}' has no size`, SIZED);
  return { kind: 'array', type: plain, name, extents: extents.trim(), isInput: /\bconst\b/.test(type) };
}

const SIZED = 'write sizes, as in const float a[M * K], or bring a main with --harness';

function numberOf(at: string, type: string, name: string): Taken {
  if (INTEGER.test(type)) return { kind: 'extent', type, name };
  if (NUMBERS.has(type)) return { kind: 'number', type, name };
  const problem = `the parameter '${name}' is a ${type}, for which there is no value`;
  throw new InputError(
    at,
    problem,
    'integers are extents of --shape; for others bring a main with --harness',
  );
}

import { Document, LineCounter, parseDocument, visit } from 'yaml';
import { InputError } from '../../search-space/input-error.ts';
import { checkNesting, tooDeep } from '../../search-space/nesting.ts';
import { INVISIBLE, spelledOut } from './visible.ts';

/**
 * A document as YAML 1.2. A text with another meaning in YAML 1.1 (`yes`, `1_000`) is quoted, and invisible
 * characters are spelled out.
 */
export function yamlText(document: unknown): string {
  const tree = new Document(document, { compat: 'yaml-1.1' });
  visit(tree, {
    Scalar: (_, scalar) => {
      if (typeof scalar.value === 'string' && scalar.value.search(INVISIBLE) >= 0)
        scalar.type = 'QUOTE_DOUBLE';
    },
  });
  const text = tree.toString({ flowCollectionPadding: false, lineWidth: 110 });
  return text.replaceAll(INVISIBLE, (character) => (character === '\n' ? character : escaped(character)));
}

/** In a text between double quotes. */
function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : spelledOut(character);
}

/** Parses YAML. Throws InputError that names the file for invalid YAML and for data that contains itself. */
export function readYaml(file: string, source: string): unknown {
  if (looksTooDeep(source)) throw tooDeep(file);
  const data = parsed(file, source);
  checkNesting(data, file);
  return data;
}

/** Twice what `checkNesting` allows: brackets may also be part of texts. */
const MOST_OPEN = 400;

/**
 * Whether so many brackets are open at once, or a line begins with so many list marks or blanks, that the
 * parser's recursion would come near the end of the stack. There V8 may end the process when it compiles a
 * regular expression, which nothing can catch.
 */
function looksTooDeep(source: string): boolean {
  let open = 0;
  for (const character of source) {
    if (character === '[' || character === '{') open += 1;
    else if (character === ']' || character === '}') open = Math.max(0, open - 1);
    if (open > MOST_OPEN) return true;
  }
  return source.split('\n').some((line) => line.search(/[^ \t?:-]/) > 2 * MOST_OPEN);
}

function parsed(file: string, source: string): unknown {
  try {
    const lineCounter = new LineCounter();
    // A pretty error quotes its whole line, and a line can have as many errors as brackets.
    const document = parseDocument(source, { lineCounter, prettyErrors: false });
    const [error] = document.errors;
    if (error === undefined) return document.toJS();
    if (error.code === 'RESOURCE_EXHAUSTION') throw tooDeep(file);
    const { line, col } = lineCounter.linePos(error.pos[0]);
    throw new InputError(file, `${error.message} at line ${line}, column ${col}`);
  } catch (error) {
    if (error instanceof RangeError) throw tooDeep(file);
    if (error instanceof ReferenceError)
      throw new InputError(file, 'expands too many aliases', 'write the values out');
    throw error;
  }
}

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
  const data = parsed(file, source);
  checkNesting(data, file);
  return data;
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
    // The conversion to data overflowed the stack, as the parser may above.
    if (error instanceof RangeError) throw tooDeep(file);
    if (error instanceof ReferenceError)
      throw new InputError(file, 'expands too many aliases', 'write the values out');
    throw error;
  }
}

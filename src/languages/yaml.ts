import { Document, LineCounter, parseDocument, visit } from 'yaml';
import { InputError } from '../../search-space/input-error.ts';
import { checkNesting, tooDeep } from '../../search-space/nesting.ts';
import { spelledOut, UNSEEN } from './visible.ts';

/**
 * A document as YAML 1.2. A text that YAML 1.1 takes for something else (`yes`, `1_000`) is quoted, and what
 * cannot be seen is spelled out.
 */
export function yamlText(document: unknown): string {
  const tree = new Document(document, { compat: 'yaml-1.1' });
  visit(tree, {
    Scalar: (_, scalar) => {
      if (typeof scalar.value === 'string' && scalar.value.search(UNSEEN) >= 0) scalar.type = 'QUOTE_DOUBLE';
    },
  });
  const text = tree.toString({ flowCollectionPadding: false, lineWidth: 110 });
  return text.replaceAll(UNSEEN, (character) => (character === '\n' ? character : spelledOut(character)));
}

/** What a text of YAML says. Throws InputError that names the file, also for data that contains itself. */
export function readYaml(file: string, source: string): unknown {
  const data = parsed(file, source);
  checkNesting(data, file);
  return data;
}

function parsed(file: string, source: string): unknown {
  try {
    const lineCounter = new LineCounter();
    // A pretty error quotes its line, and there may be as many errors as brackets on a line.
    const document = parseDocument(source, { lineCounter, prettyErrors: false });
    const [error] = document.errors;
    if (error === undefined) return document.toJS();
    if (error.code === 'RESOURCE_EXHAUSTION') throw tooDeep(file);
    const { line, col } = lineCounter.linePos(error.pos[0]);
    throw new InputError(file, `${error.message} at line ${line}, column ${col}`);
  } catch (error) {
    // The stack ended, of what makes data of the document: as above that of its parser.
    if (error instanceof RangeError) throw tooDeep(file);
    if (error instanceof ReferenceError)
      throw new InputError(file, 'repeats its aliases too often', 'write out what is meant');
    throw error;
  }
}

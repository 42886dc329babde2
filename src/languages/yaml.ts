import { Document, parse, visit } from 'yaml';
import { InputError } from '../../search-space/input-error.ts';
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

/** What a text of YAML says. Throws InputError that names the file. */
export function readYaml(file: string, source: string): unknown {
  try {
    return parse(source);
  } catch (error) {
    throw new InputError(file, error instanceof Error ? error.message.split('\n')[0] : 'is not YAML');
  }
}

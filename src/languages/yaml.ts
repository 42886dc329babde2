import { Document, visit } from 'yaml';
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

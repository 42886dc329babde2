import { INVISIBLE, spelledOut } from './visible.ts';

/** A document as indented JSON without invisible characters, ending in a line feed. */
export function prettyJson(document: unknown): string {
  return `${visibleJson(JSON.stringify(document, null, 2))}\n`;
}

/** The same JSON document with invisible characters escaped. */
export function visibleJson(text: string): string {
  return text.replaceAll(INVISIBLE, (character) =>
    character === '\n' ? character : character.split('').map(spelledOut).join(''),
  );
}

import { spelledOut } from './visible.ts';

/** Characters that JSON does not escape and a terminal may interpret. */
const UNESCAPED = /[\x7f-\x9f\p{Zl}\p{Zp}\p{Bidi_C}]/gu;

/** A document as indented JSON without invisible characters, ending in a line feed. */
export function prettyJson(document: unknown): string {
  return `${visibleJson(JSON.stringify(document, null, 2))}\n`;
}

/** The same JSON document with invisible characters escaped. */
export function visibleJson(text: string): string {
  return text.replaceAll(UNESCAPED, spelledOut);
}

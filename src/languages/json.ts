import { spelledOut } from './visible.ts';

/** What JSON leaves as it is, and a terminal might obey. */
const UNSEEN = /[\x7f-\x9f\p{Zl}\p{Zp}\p{Bidi_C}]/gu;

/** A document as JSON that people can read and terminals can show, ending in a line feed. */
export function prettyJson(document: unknown): string {
  return `${visibleJson(JSON.stringify(document, null, 2))}\n`;
}

/** The same document without a character in it that cannot be seen. */
export function visibleJson(text: string): string {
  return text.replaceAll(UNSEEN, spelledOut);
}

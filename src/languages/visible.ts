/**
 * What a reader cannot see, or that moves what he sees: control characters, ends of lines that few know,
 * marks that turn the direction of text, halves of characters.
 */
export const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Bidi_C}]/gu;
const UNSEEN_BUT_LAYOUT = /(?![\n\t])[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Bidi_C}]/gu;

/** A name or a sentence from elsewhere, with what cannot be seen in it spelled out: `\u001b`. */
export function visible(text: string): string {
  return text.replaceAll(UNSEEN, spelledOut);
}

/** The same for a text of several lines, which keeps its lines and tabs. */
export function visibleLines(text: string): string {
  return text.replaceAll(UNSEEN_BUT_LAYOUT, spelledOut);
}

/** The same in a line of its own: blanks and ends of lines become one blank. */
export function oneLine(text: string): string {
  return visible(text.replaceAll(/\s+/g, ' '));
}

/** A copy of a document with `visible` texts throughout, names of fields too. */
export function visibleThroughout<Document extends object>(document: Document): Document {
  const copy = structuredClone(document);
  makeVisible(copy);
  return copy;
}

function makeVisible(record: object): void {
  for (const [name, value] of Object.entries(record)) {
    const seen = typeof value === 'string' ? visible(value) : value;
    if (typeof seen === 'object' && seen !== null) makeVisible(seen);
    if (visible(name) !== name) Reflect.deleteProperty(record, name);
    Reflect.set(record, visible(name), seen);
  }
}

export function spelledOut(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

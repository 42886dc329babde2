/**
 * Invisible or misleading characters: controls, formats (zero-width characters, marks that change the direction
 * of text), others that Unicode draws as nothing, lone surrogates, and all blanks but the usual one.
 */
export const INVISIBLE =
  /(?! )[\p{Cc}\p{Cf}\p{Cs}\p{Zs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/gu;
const INVISIBLE_BUT_LAYOUT =
  /(?![ \n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/gu;

/** A text from outside with its invisible characters spelled out: `\u001b`, `\u{e0041}`. */
export function visible(text: string): string {
  return text.replaceAll(INVISIBLE, spelledOut);
}

/** `visible`, but line feeds and tabs are kept. */
export function visibleLines(text: string): string {
  return text.replaceAll(INVISIBLE_BUT_LAYOUT, spelledOut);
}

/** `visible` on one line: each run of blanks, tabs and line ends becomes one blank. */
export function oneLine(text: string): string {
  return visible(text.replaceAll(/[ \t\n\v\f\r]+/g, ' '));
}

/** A copy of a document with every text and field name `visible`. */
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
  const code = (character.codePointAt(0) ?? 0).toString(16);
  return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`;
}

import { createHash } from 'node:crypto';

/**
 * Users' names as identifiers of a language. An identifier depends on its name alone, and different names
 * give different identifiers:
 *
 * - a name in the project's spelling (`Spelling`) becomes words in upper or lower case (`vectorBytes`:
 *   VECTOR_BYTES);
 * - another name of letters, digits and single underscores is kept as written. An underscore follows where
 *   it would equal a converted name (`BX`: BX_), and always in lower-case identifiers;
 * - any other name is reduced to its letters and digits with a mark: `x` and 16 digits of its SHA-256.
 */
export type Spelling = 'camelCase' | 'kebab-case';

const PROJECT_SPELLINGS: Readonly<Record<Spelling, RegExp>> = Object.freeze({
  camelCase: /^[a-z][a-z0-9]*(?:[A-Z](?![A-Z])[a-z0-9]*)*$/,
  'kebab-case': /^[a-z0-9]+(?:-[a-z0-9]+)*$/,
});
const PLAIN = /^[A-Za-z0-9]+(?:_[A-Za-z0-9]+)*$/;
const MARK = /x[0-9a-f]{16}$/;
/** The most characters of a name; a longer one is cut and marked. */
const LONGEST = 100;
const LONGEST_MARKED = 40;

/** An inner part of an upper-case identifier: VECTOR_BYTES, block_size, GEMM_x0123456789abcdef. */
export function capitalPart(text: string, spelling: Spelling): string {
  if (isProjectSpelling(text, spelling)) return wordsOf(text, spelling).toUpperCase();
  return isPlain(text) && /[a-z]/.test(text) ? text : markedCapital(text);
}

/** The last part of an upper-case identifier: VECTOR_BYTES, block_size, BX_. */
export function capitalEnd(text: string, spelling: Spelling): string {
  const isMistakable = standsAsWritten(text, spelling) && !/[a-z]/.test(text);
  return isMistakable ? `${text}_` : capitalPart(text, spelling);
}

/** A part of a lower-case identifier. A part that is kept as written gets a final underscore. */
export function smallPart(text: string, spelling: Spelling): string {
  if (isProjectSpelling(text, spelling)) return wordsOf(text, spelling);
  return isPlain(text) ? text : markedSmall(text);
}

/**
 * A whole lower-case identifier: vector_bytes, block_size_, BX_. A `reserved` word of the language gets a
 * final underscore too: int_.
 */
export function smallName(text: string, spelling: Spelling, reserved: ReadonlySet<string>): string {
  const name = smallPart(text, spelling);
  if (/^\d/.test(name)) return markedSmall(text);
  if (standsAsWritten(text, spelling)) return `${name}_`;
  if (!reserved.has(name)) return name;
  // static_cast_ is taken already: by a parameter written static_cast.
  return name.includes('_') ? markedSmall(text) : `${name}_`;
}

/** The name as written if it is an identifier, else marked; for languages in which case and underscores matter. */
export function plainName(text: string): string {
  return isPlain(text) ? text : markedSmall(text);
}

/** Whether a name is not in the project's spelling, but an identifier as it is written. */
export function standsAsWritten(text: string, spelling: Spelling): boolean {
  return !isProjectSpelling(text, spelling) && isPlain(text);
}

/** Whether a name is in the project's spelling. */
export function isProjectSpelling(text: string, spelling: Spelling): boolean {
  return PROJECT_SPELLINGS[spelling].test(text) && isShort(text);
}

function isPlain(text: string): boolean {
  return PLAIN.test(text) && isShort(text);
}

/** Whether a name ends like a mark. */
export function endsInMark(text: string): boolean {
  return MARK.test(text);
}

/** The first 16 hex digits of a text's SHA-256. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

function isShort(text: string): boolean {
  return text.length <= LONGEST && !endsInMark(text);
}

function wordsOf(text: string, spelling: Spelling): string {
  return spelling === 'camelCase'
    ? text.replaceAll(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`)
    : text.replaceAll('-', '_');
}

/** The text's words in upper case, with the mark. */
export function markedCapital(text: string): string {
  return marked(text, (words) => words.toUpperCase());
}

function markedSmall(text: string): string {
  return marked(text, (words) => words.toLowerCase());
}

function marked(text: string, cased: (words: string) => string): string {
  const words = text
    .replaceAll(/[^A-Za-z0-9]+/g, '_')
    .replace(/^[_0-9]+/, '')
    .slice(0, LONGEST_MARKED)
    .replace(/_+$/, '');
  return `${cased(words)}${words === '' ? '' : '_'}x${digest(text)}`;
}

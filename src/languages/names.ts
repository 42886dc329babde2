import { createHash } from 'node:crypto';

/**
 * Names from elsewhere as identifiers of a language. The rule asks for nothing but the name itself, and
 * two names never become one:
 *
 * - a name as we spell names becomes words in capitals or small letters (`vectorBytes`: VECTOR_BYTES);
 * - another one that is letters, digits and single underscores stands as it was written. An underscore
 *   follows where it could be taken for one of ours (`BX`: BX_), and behind every one among small letters;
 * - anything else becomes its letters and digits, and a mark: `x` and 16 digits of its SHA-256.
 */
export type Spelling = 'camelCase' | 'kebab-case';

const OURS: Readonly<Record<Spelling, RegExp>> = Object.freeze({
  camelCase: /^[a-z][a-z0-9]*(?:[A-Z](?![A-Z])[a-z0-9]*)*$/,
  'kebab-case': /^[a-z0-9]+(?:-[a-z0-9]+)*$/,
});
const PLAIN = /^[A-Za-z0-9]+(?:_[A-Za-z0-9]+)*$/;
const MARK = /x[0-9a-f]{16}$/;
/** What is longer is cut short and marked. */
const LONGEST = 100;
const LONGEST_MARKED = 40;

/** A part of a name in capitals, with others behind it: VECTOR_BYTES, block_size, GEMM_x0123456789abcdef. */
export function capitalPart(text: string, spelling: Spelling): string {
  if (isOurs(text, spelling)) return wordsOf(text, spelling).toUpperCase();
  return isPlain(text) && /[a-z]/.test(text) ? text : markedCapital(text);
}

/** The last part of a name in capitals: VECTOR_BYTES, block_size, BX_. */
export function capitalEnd(text: string, spelling: Spelling): string {
  const isMistakable = standsAsWritten(text, spelling) && !/[a-z]/.test(text);
  return isMistakable ? `${text}_` : capitalPart(text, spelling);
}

/** A part of a name in small letters, which ends in an underscore where a part `standsAsWritten`. */
export function smallPart(text: string, spelling: Spelling): string {
  if (isOurs(text, spelling)) return wordsOf(text, spelling);
  return isPlain(text) ? text : markedSmall(text);
}

/**
 * A whole name in small letters: vector_bytes, block_size_, BX_. A `reserved` word of the language is told
 * from the name by an underscore too: int_.
 */
export function smallName(text: string, spelling: Spelling, reserved: ReadonlySet<string>): string {
  const name = smallPart(text, spelling);
  if (/^\d/.test(name)) return markedSmall(text);
  if (standsAsWritten(text, spelling)) return `${name}_`;
  if (!reserved.has(name)) return name;
  // static_cast_ is the name of another parameter already: the one that is written so.
  return name.includes('_') ? markedSmall(text) : `${name}_`;
}

/** A name as it was written, where that can be, else marked: for languages that ask for no more than an identifier. */
export function plainName(text: string): string {
  return isPlain(text) ? text : markedSmall(text);
}

/** Whether a name is none of ours, but can stand as it was written. */
export function standsAsWritten(text: string, spelling: Spelling): boolean {
  return !isOurs(text, spelling) && isPlain(text);
}

/** Whether a name is spelled as ours. */
export function isOurs(text: string, spelling: Spelling): boolean {
  return OURS[spelling].test(text) && isShort(text);
}

function isPlain(text: string): boolean {
  return PLAIN.test(text) && isShort(text);
}

/** Whether a name ends as if it had a mark. */
export function endsInMark(text: string): boolean {
  return MARK.test(text);
}

/** 16 digits that stand for a text. */
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

/** Words of the text in capitals, and the mark. */
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

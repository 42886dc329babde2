/** Finds where values end in the bytes of a JSON text, by brackets and quotes only, without parsing. */

export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const COLON = 0x3a;
export const OPEN_LIST = 0x5b;
export const CLOSE_LIST = 0x5d;
export const OPEN_OBJECT = 0x7b;
export const CLOSE_OBJECT = 0x7d;
const BACKSLASH = 0x5c;

/** The deepest nesting that is followed; files of results need less than a tenth of it. */
export const DEEPEST = 10_000;

/** Returned when the bytes end before the value does. */
export const UNFINISHED = -1;

/** Invalid JSON, found at byte `at`. */
export class NotJson extends Error {
  override readonly name = 'NotJson';
  readonly at: number;

  constructor(at: number, problem: string) {
    super(problem);
    this.at = at;
  }
}

export function skipSpace(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && bytes[at] <= 0x20) at += 1;
  return at;
}

/** The place after the closing quote of the string that begins at `from`, or UNFINISHED. */
export function endOfText(bytes: Uint8Array, from: number): number {
  for (let at = from + 1; at < bytes.length; at++) {
    if (bytes[at] === BACKSLASH) at += 1;
    else if (bytes[at] === QUOTE) return at + 1;
  }
  return UNFINISHED;
}

/** The place after the value that begins at `from`, or UNFINISHED. Throws NotJson. */
export function endOfValue(bytes: Uint8Array, from: number): number {
  const opener = bytes[from];
  if (opener === QUOTE) return endOfText(bytes, from);
  if (opener === OPEN_LIST || opener === OPEN_OBJECT) return endOfBrackets(bytes, from);
  let at = from;
  while (at < bytes.length && !ENDS_WORD[bytes[at]]) at += 1;
  if (at === from) throw new NotJson(at, `${characterAt(bytes, at)} instead of a value`);
  return at < bytes.length ? at : UNFINISHED;
}

const closers = new Uint8Array(DEEPEST);

function endOfBrackets(bytes: Uint8Array, from: number): number {
  let depth = 0;
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      const end = endOfText(bytes, at);
      if (end === UNFINISHED) return UNFINISHED;
      at = end - 1;
    } else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
      if (depth >= DEEPEST) throw new NotJson(at, `brackets are nested more than ${DEEPEST} deep`);
      closers[depth] = byte + 2;
      depth += 1;
    } else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) {
      depth -= 1;
      if (byte !== closers[depth])
        throw new NotJson(at, `${characterAt(bytes, at)} does not match its opening bracket`);
      if (depth === 0) return at + 1;
    }
  }
  return UNFINISHED;
}

/** The bytes of a value, from `start` up to but not including `end`. */
export type ByteRange = Readonly<{ start: number; end: number }>;

/** The bytes of a named member of the object at `place`; undefined if it has no such member. */
export function memberOfObject(bytes: Buffer, place: ByteRange, name: string): ByteRange | undefined {
  if (bytes[place.start] !== OPEN_OBJECT) return undefined;
  const quoted = JSON.stringify(name);
  let at = skipSpace(bytes, place.start + 1);
  while (at < place.end && bytes[at] === QUOTE) {
    const nameEnd = endOfText(bytes, at);
    const start = skipSpace(bytes, skipSpace(bytes, nameEnd) + 1);
    const end = start < place.end ? endOfValue(bytes, start) : UNFINISHED;
    if (end === UNFINISHED) return undefined;
    if (nameEnd - at === quoted.length && bytes.toString('latin1', at, nameEnd) === quoted)
      return { start, end };
    at = skipSpace(bytes, end);
    at = bytes[at] === COMMA ? skipSpace(bytes, at + 1) : at;
  }
  return undefined;
}

export function characterAt(bytes: Uint8Array, at: number): string {
  return JSON.stringify(String.fromCharCode(bytes[at]));
}

/** Bytes that end a number, true, false or null. */
const ENDS_WORD = Array.from(
  { length: 256 },
  (_, byte) => byte <= 0x20 || ',:[]{}"'.includes(String.fromCharCode(byte)),
);

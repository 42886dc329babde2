import { InputError } from '../../search-space/input-error.ts';
import {
  type ByteRange,
  CLOSE_LIST,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  characterAt,
  endOfText,
  endOfValue,
  NotJson,
  OPEN_LIST,
  OPEN_OBJECT,
  QUOTE,
  skipSpace,
  UNFINISHED,
} from './json-bytes.ts';

/**
 * A part of the outermost object of a JSON text: a member, or an entry of a member that is read as a list.
 * The entries of a list that is an object are its members. `start` and `end` are places in the bytes that
 * the last `take` returned.
 */
export type JsonPart = ByteRange &
  (
    | Readonly<{ kind: 'member'; key: string }>
    | Readonly<{ kind: 'list'; key: string; of: 'array' | 'object' }>
    | Readonly<{ kind: 'entry'; key: string; name: string | undefined }>
  );

/**
 * How a text ended: whole; open, if only closing brackets of the outermost object and of a list are
 * missing; or cut, within a part.
 */
export type Ending = 'whole' | 'open' | 'cut';

const LONGEST_PART = 64 * 2 ** 20;

type State = 'start' | 'first' | 'next' | 'after' | 'done';

/**
 * Finds the parts of one JSON object in bytes that arrive in chunks, by brackets, quotes and commas only.
 * The caller parses the parts, so an invalid part does not affect the others. A comma before a closing
 * bracket is allowed: a file that is still being written has one.
 *
 * Throws InputError with the byte of the fault if the text is not a JSON object, if brackets are nested
 * more than 10,000 deep, or if a part is longer than 64 MiB.
 */
export class JsonScanner {
  readonly #field: string;
  readonly #lists: ReadonlySet<string>;
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;
  /** Bytes before the first of `#bytes`. */
  #before = 0;
  #state: State = 'start';
  #list: Readonly<{ key: string; close: number }> | undefined;

  constructor(field: string, lists: readonly string[]) {
    this.#field = field;
    this.#lists = new Set(lists);
  }

  /** The parts that this chunk completes, with the bytes to which their places refer. */
  take(chunk: Uint8Array): Readonly<{ bytes: Buffer; parts: readonly JsonPart[] }> {
    const rest = this.#bytes.subarray(this.#at);
    this.#before += this.#at;
    this.#bytes = Buffer.concat([rest, chunk]);
    this.#at = 0;
    const parts: JsonPart[] = [];
    this.#go(parts);
    if (this.#bytes.length - this.#at > LONGEST_PART)
      throw this.#problem(this.#at, 'a part longer than 64 MiB begins');
    return { bytes: this.#bytes, parts };
  }

  #go(parts: JsonPart[]): void {
    try {
      while (this.#step(parts));
    } catch (error) {
      throw error instanceof NotJson ? this.#problem(error.at, error.message) : error;
    }
  }

  /** How the text ended; to be called after its last chunk. Throws InputError if it had no object. */
  end(): Ending {
    if (this.#state === 'start')
      throw new InputError(this.#field, this.#bytes.length === 0 ? 'is empty' : 'is not a JSON object');
    if (this.#state === 'done') return 'whole';
    const isBetween = skipSpace(this.#bytes, this.#at) >= this.#bytes.length;
    return isBetween && (this.#list !== undefined || this.#state === 'after') ? 'open' : 'cut';
  }

  /** Reads one part or bracket; false if it needs more bytes. */
  #step(parts: JsonPart[]): boolean {
    const at = skipSpace(this.#bytes, this.#at);
    if (at >= this.#bytes.length) {
      this.#at = at;
      return false;
    }
    const byte = this.#bytes[at];
    if (this.#state === 'start') return this.#open(at);
    if (this.#state === 'done') throw new NotJson(at, 'there is text after the end');
    const close = this.#list?.close ?? CLOSE_OBJECT;
    if (byte === close) return this.#close(at);
    if (this.#state === 'after') {
      if (byte !== COMMA) throw new NotJson(at, `${characterAt(this.#bytes, at)} instead of ',' or the end`);
      this.#at = at + 1;
      this.#state = 'next';
      return true;
    }
    return close === CLOSE_LIST ? this.#element(at, parts) : this.#member(at, parts);
  }

  #open(at: number): boolean {
    if (this.#bytes[at] !== OPEN_OBJECT) {
      if (this.#before + at === 0 && this.#bytes.length - at < BYTE_ORDER_MARK.length) return false;
      const marked = this.#bytes.subarray(at, at + BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK);
      if (!marked || this.#before + at > 0) throw new InputError(this.#field, 'is not a JSON object');
      this.#at = at + BYTE_ORDER_MARK.length;
      return true;
    }
    this.#at = at + 1;
    this.#state = 'first';
    return true;
  }

  #close(at: number): boolean {
    this.#at = at + 1;
    this.#state = this.#list === undefined ? 'done' : 'after';
    this.#list = undefined;
    return true;
  }

  /** Reads an entry of a list in square brackets. */
  #element(at: number, parts: JsonPart[]): boolean {
    const end = endOfValue(this.#bytes, at);
    if (end === UNFINISHED || this.#list === undefined) return false;
    parts.push({ kind: 'entry', key: this.#list.key, name: undefined, start: at, end });
    return this.#went(end);
  }

  /** Reads "key": value, of the outermost object or of a list in braces. */
  #member(at: number, parts: JsonPart[]): boolean {
    if (this.#bytes[at] !== QUOTE) throw new NotJson(at, `${characterAt(this.#bytes, at)} instead of a name`);
    const nameEnd = endOfText(this.#bytes, at);
    if (nameEnd === UNFINISHED) return false;
    const colon = skipSpace(this.#bytes, nameEnd);
    if (colon >= this.#bytes.length) return false;
    if (this.#bytes[colon] !== COLON) throw new NotJson(colon, "a ':' is missing");
    const start = skipSpace(this.#bytes, colon + 1);
    if (start >= this.#bytes.length) return false;
    const name = this.#textOf(at, nameEnd);
    const opener = this.#bytes[start];
    const isList = this.#list === undefined && this.#lists.has(name);
    if (isList && (opener === OPEN_LIST || opener === OPEN_OBJECT)) {
      const of = opener === OPEN_LIST ? 'array' : 'object';
      this.#list = { key: name, close: opener === OPEN_LIST ? CLOSE_LIST : CLOSE_OBJECT };
      parts.push({ kind: 'list', key: name, of, start, end: start + 1 });
      this.#at = start + 1;
      this.#state = 'first';
      return true;
    }
    const end = endOfValue(this.#bytes, start);
    if (end === UNFINISHED) return false;
    parts.push(
      this.#list === undefined
        ? { kind: 'member', key: name, start, end }
        : { kind: 'entry', key: this.#list.key, name, start, end },
    );
    return this.#went(end);
  }

  #went(end: number): true {
    this.#at = end;
    this.#state = 'after';
    return true;
  }

  #textOf(start: number, end: number): string {
    const text = this.#bytes.toString('utf8', start, end);
    if (!text.includes('\\')) return text.slice(1, -1);
    try {
      return String(JSON.parse(text));
    } catch {
      throw new NotJson(start, 'there is an unreadable name');
    }
  }

  #problem(at: number, what: string): InputError {
    return new InputError(
      this.#field,
      `is not JSON: ${what} at byte ${(this.#before + at).toLocaleString('en-US')}`,
    );
  }
}

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

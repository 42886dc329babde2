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
 * What stands in the outermost object of a JSON text. The members that are asked for as lists come entry
 * by entry; of an object that is such a list, an entry is one of its members. `start` and `end` are places
 * in the bytes that `take` was last given back.
 */
export type JsonPart = ByteRange &
  (
    | Readonly<{ kind: 'member'; key: string }>
    | Readonly<{ kind: 'list'; key: string; of: 'array' | 'object' }>
    | Readonly<{ kind: 'entry'; key: string; name: string | undefined }>
  );

/**
 * How a text ended: whole; open, when only closing brackets of the outermost object and of a list are
 * missing; or cut, in the middle of something.
 */
export type Ending = 'whole' | 'open' | 'cut';

const LONGEST_PART = 64 * 2 ** 20;

type State = 'start' | 'first' | 'next' | 'after' | 'done';

/**
 * Finds the parts of one JSON object in bytes that come in pieces. It looks at brackets, quotes and commas
 * only: what stands within a part is for others to parse, so that a part that cannot be parsed costs no
 * other. A comma before a closing bracket is allowed, as files have it that are being written.
 *
 * Throws InputError for what is no JSON object, with the byte where it shows; for brackets nested more than
 * 64 deep; and for a part longer than 64 MiB.
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

  /** The parts that end within all that was given so far, with the bytes that their places count in. */
  take(chunk: Uint8Array): Readonly<{ bytes: Buffer; parts: readonly JsonPart[] }> {
    const rest = this.#bytes.subarray(this.#at);
    this.#before += this.#at;
    this.#bytes = Buffer.concat([rest, chunk]);
    this.#at = 0;
    const parts: JsonPart[] = [];
    this.#go(parts);
    if (this.#bytes.length - this.#at > LONGEST_PART)
      throw this.#problem(this.#at, 'something longer than 64 MiB begins');
    return { bytes: this.#bytes, parts };
  }

  #go(parts: JsonPart[]): void {
    try {
      while (this.#step(parts));
    } catch (error) {
      throw error instanceof NotJson ? this.#problem(error.at, error.message) : error;
    }
  }

  /** How it ended, when no more bytes come. Throws InputError where there was no object at all. */
  end(): Ending {
    if (this.#state === 'start')
      throw new InputError(this.#field, this.#bytes.length === 0 ? 'is empty' : 'is no JSON object');
    if (this.#state === 'done') return 'whole';
    const isBetween = skipSpace(this.#bytes, this.#at) >= this.#bytes.length;
    return isBetween && (this.#list !== undefined || this.#state === 'after') ? 'open' : 'cut';
  }

  /** Goes past one part or bracket; false where more bytes are needed. */
  #step(parts: JsonPart[]): boolean {
    const at = skipSpace(this.#bytes, this.#at);
    if (at >= this.#bytes.length) {
      this.#at = at;
      return false;
    }
    const byte = this.#bytes[at];
    if (this.#state === 'start') return this.#open(at);
    if (this.#state === 'done') throw new NotJson(at, 'something stands behind the end');
    const close = this.#list?.close ?? CLOSE_OBJECT;
    if (byte === close) return this.#close(at);
    if (this.#state === 'after') {
      if (byte !== COMMA)
        throw new NotJson(at, `${characterAt(this.#bytes, at)} stands where ',' or the end is expected`);
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
      if (!marked || this.#before + at > 0) throw new InputError(this.#field, 'is no JSON object');
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

  /** An entry of a list in square brackets. */
  #element(at: number, parts: JsonPart[]): boolean {
    const end = endOfValue(this.#bytes, at);
    if (end === UNFINISHED || this.#list === undefined) return false;
    parts.push({ kind: 'entry', key: this.#list.key, name: undefined, start: at, end });
    return this.#went(end);
  }

  /** "key": value, of the outermost object or of a list in braces. */
  #member(at: number, parts: JsonPart[]): boolean {
    if (this.#bytes[at] !== QUOTE)
      throw new NotJson(at, `${characterAt(this.#bytes, at)} stands where a name is expected`);
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
      throw new NotJson(start, 'a name that cannot be read stands');
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

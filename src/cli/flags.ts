import { InputError } from '../../search-space/input-error.ts';

/** The options and arguments of a command, read by name. Every method throws InputError for a bad value. */
export class Flags<Name extends string = string> {
  readonly #given: Readonly<Record<string, unknown>>;

  constructor(given: Readonly<Record<string, unknown>>) {
    this.#given = given;
  }

  /** The same, with other values; undefined takes one away. */
  with(values: Readonly<Record<string, unknown>>): Flags {
    return new Flags({ ...this.#given, ...values });
  }

  /** Undefined if it was not given. Throws InputError if it was given twice or empty. */
  text(name: Name): string | undefined {
    const value = this.#given[name];
    if (value === undefined) return undefined;
    if (Array.isArray(value)) throw new InputError(`--${name}`, 'was given more than once');
    if (value === '') throw new InputError(`--${name}`, 'is empty');
    return String(value);
  }

  /** Throws InputError if it was not given. */
  required(name: Name): string {
    const value = this.text(name);
    if (value === undefined) throw new InputError(`--${name}`, 'is missing');
    return value;
  }

  list(name: Name): readonly string[] {
    const value = this.#given[name];
    if (value === undefined) return [];
    return Array.isArray(value) ? value.map(String) : [String(value)];
  }

  /** The words after `--`. */
  rest(): readonly string[] {
    const words = this.#given['--'];
    return Array.isArray(words) ? words.map(String) : [];
  }

  isOn(name: Name): boolean {
    return this.#given[name] === true;
  }

  /** A whole number from `least`. */
  count(name: Name, least = 1): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= least) return value;
    throw new InputError(`--${name}`, `expected a whole number from ${least}, got '${text}'`);
  }

  /** One of the words; the fallback if it was not given. */
  oneOf<const Word extends string>(name: Name, words: readonly Word[], fallback: Word): Word {
    const text = this.text(name);
    if (text === undefined) return fallback;
    const word = words.find((known) => known === text);
    if (word !== undefined) return word;
    throw new InputError(`--${name}`, `'${text}' is not one of ${words.join(', ')}`);
  }
}

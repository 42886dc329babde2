/** What of a file was not taken over for one reason: how many, and the first of them with its place. */
export type LeftOut = Readonly<{
  what: 'results' | 'samples';
  reason: string;
  count: number;
  first: string;
}>;

/** Counts what is left out, by reason. */
export class LeftOutTally {
  readonly #found = new Map<string, LeftOut>();

  add(what: LeftOut['what'], reason: string, first: () => string, count = 1): void {
    const key = `${what} ${reason}`;
    const known = this.#found.get(key) ?? { what, reason, count: 0, first: shortened(first()) };
    this.#found.set(key, { ...known, count: known.count + count });
  }

  /** By reason, in the order in which the reasons came up. */
  get all(): readonly LeftOut[] {
    return [...this.#found.values()];
  }
}

/** The beginning of a sentence that may list a hundred thousand values. */
export function shortened(text: string): string {
  return text.length <= 300 ? text : `${text.slice(0, 299)}…`;
}

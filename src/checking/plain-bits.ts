import type { Configuration } from '../../search-space/parameter.ts';

/**
 * The bits that a variant's results must have. Threads, staging and tiles change no bit of a result. So
 * every variant must give the bits of the same code without them: this shows races of threads and copies
 * that a tolerance would accept.
 */
export class PlainBits {
  private readonly known = new Map<string, Promise<number | undefined>>();

  /**
   * `plainOf` gives the configuration with the same bits and nothing else, or undefined where there is none;
   * `compute` the digest of its result, or undefined where it has none.
   */
  constructor(
    private readonly plainOf: (configuration: Configuration) => Configuration | undefined,
    private readonly compute: (plain: Configuration) => Promise<number | undefined>,
  ) {}

  /** The digest that a configuration's result must have; undefined where nobody knows one. */
  async of(configuration: Configuration): Promise<number | undefined> {
    const plain = this.plainOf(configuration);
    if (plain === undefined) return undefined;
    const key = JSON.stringify(plain);
    const digest = this.known.get(key) ?? this.compute(plain);
    this.known.set(key, digest);
    return digest;
  }
}

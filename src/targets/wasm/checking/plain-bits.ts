import type { Configuration } from '../../../../search-space/parameter.ts';

/**
 * The bits that a variant's results must have. Threads, staging and tiles change no bit of a result, as
 * long as multiply-adds are not fused (the ends of a tile are then computed as its middle is). So every
 * variant must give the bits of the same code without staging on one thread: this shows races of threads
 * and copies that a tolerance would accept.
 */
export class PlainBits {
  /** By lanes and unrolling, which decide the order of sums. */
  private readonly known = new Map<string, Promise<number | undefined>>();

  /** `compute` gives the digest of a configuration's result, or undefined where it has none. */
  constructor(private readonly compute: (plain: Configuration) => Promise<number | undefined>) {}

  /** The digest that a configuration's result must have; undefined where multiply-adds are fused or it has no result. */
  async of(configuration: Configuration): Promise<number | undefined> {
    if (configuration.fma === true) return undefined;
    const { lanes = 1, scalarUnroll = 1 } = configuration;
    const key = `${lanes} ${scalarUnroll}`;
    const plain = this.known.get(key) ?? this.compute({ lanes, scalarUnroll });
    this.known.set(key, plain);
    return plain;
  }
}

import type { Configuration } from '../../../../search-space/parameter.ts';

/**
 * Threads, staging and tiles change no bit of a result, as long as multiply-adds are not fused (how the
 * ends of a tile are computed is then the same as its middle). So a variant is held to the bits of the
 * same code in place on one thread: where threads or copies disturb each other, that shows what a
 * tolerance lets pass.
 */
export class PlainBits {
  /** By what decides the order of sums: how many of them a loop keeps at once. */
  private readonly known = new Map<string, Promise<number | undefined>>();

  /** `compute` gives the digest of a configuration's result, or undefined where it has none. */
  constructor(private readonly compute: (plain: Configuration) => Promise<number | undefined>) {}

  /** The digest that a configuration's result must have; undefined where nothing is known of it. */
  async of(configuration: Configuration): Promise<number | undefined> {
    if (configuration.fma === true) return undefined;
    const { lanes = 1, scalarUnroll = 1 } = configuration;
    const key = `${lanes} ${scalarUnroll}`;
    const plain = this.known.get(key) ?? this.compute({ lanes, scalarUnroll });
    this.known.set(key, plain);
    return plain;
  }
}

/** The value of one parameter. */
export type Value = number | string | boolean;

/** An optimization of the compiler: vectorization, multi-threading, double buffering. */
export type Mechanism = 'vec' | 'mt' | 'db';
export const MECHANISMS: readonly Mechanism[] = Object.freeze(['vec', 'mt', 'db']);

/** A parameter belongs to one mechanism, or to the schedule, which is free in every rung. */
export type Tag = Mechanism | 'schedule';

/**
 * A tunable parameter with finitely many values, in their natural order.
 *
 * - ordinal: numbers with a meaningful order and distance;
 * - categorical: names (or numbers) without an order;
 * - flag: false or true.
 *
 * `off` is the value a mechanism's parameter takes in a rung that does not permit it
 * (scalar, one thread, one buffer). A `schedule` parameter has none.
 */
export type Parameter = Readonly<{
  name: string;
  kind: 'ordinal' | 'categorical' | 'flag';
  tag: Tag;
  values: readonly Value[];
  off?: Value;
  /**
   * Values of a schedule parameter that serve a mechanism (staging by DMA serves double buffering), so that
   * the mechanism's gain can be split in two parts.
   */
  serves?: Readonly<{ mechanism: Mechanism; values: readonly Value[] }>;
  /**
   * The effect of a mechanism's parameter that costs something other than time (fused multiply-adds change
   * results), in words. Its part of the mechanism's gain is reported separately.
   */
  apart?: string;
  /** The parameter's unit and meaning. */
  description?: string;
}>;

/** A value for each parameter. Frozen; the keys are in the order of the space's parameters. */
export type Configuration = Readonly<Record<string, Value>>;

/** A key for a configuration that does not depend on the order of its parameters. */
export function configurationKey(parameters: readonly Parameter[], configuration: Configuration): string {
  return JSON.stringify(parameters.map(({ name }) => configuration[name]));
}

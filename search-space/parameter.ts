/** The value of one parameter. */
export type Value = number | string | boolean;

/** What the compiler controls: vectorization, multi-threading, double buffering. */
export type Mechanism = 'vec' | 'mt' | 'db';
export const MECHANISMS: readonly Mechanism[] = Object.freeze(['vec', 'mt', 'db']);

/** A parameter belongs to one mechanism, or to the schedule, which is free in every rung. */
export type Tag = Mechanism | 'schedule';

/**
 * One knob with finitely many values, listed in their natural order.
 *
 * - ordinal: numbers whose order and distance mean something;
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
   * Values of a schedule parameter that exist for a mechanism's sake (staging by DMA serves double
   * buffering), so that its gain can be told in parts.
   */
  serves?: Readonly<{ mechanism: Mechanism; values: readonly Value[] }>;
  /**
   * What this parameter of a mechanism adds, in words, where it is paid for with something else than
   * time (fused multiply-adds change results), so that its part of the mechanism's gain is told apart.
   */
  apart?: string;
  /** A sentence for people: unit and meaning. */
  description?: string;
}>;

/** One value a parameter. Frozen; the keys stand in the order of the space's parameters. */
export type Configuration = Readonly<Record<string, Value>>;

/** A key for a configuration that does not depend on the order of its parameters. */
export function configurationKey(parameters: readonly Parameter[], configuration: Configuration): string {
  return JSON.stringify(parameters.map(({ name }) => configuration[name]));
}

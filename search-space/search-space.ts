import type { Constraint } from './constraint.ts';
import type { ConstructionOptions } from './construction.ts';
import type { Configuration, Parameter, Value } from './parameter.ts';
import type { Random } from './random.ts';
import type { Restriction } from './restriction.ts';

/**
 * Every configuration that satisfies every constraint, in a fixed order.
 *
 * No operation lists the whole space: sizes are counts on decision diagrams, and indices are mixed-radix
 * numbers over its independent groups. A configuration is also identified by its *index* (its place in
 * 0 … size − 1) and by its *digits* (the place of each value in its parameter's `values`, in parameter
 * order), with which strategies and models compute.
 */
export interface SearchSpace {
  readonly parameters: readonly Parameter[];
  readonly constraints: readonly Constraint[];
  /** The exact number of configurations; at least 1. */
  readonly size: number;
  /** Equal for equal parameters, values, tags and constraints. */
  readonly hash: string;

  /** The configuration at an index. Throws RangeError outside 0 … size − 1. */
  at(index: number): Configuration;
  /** Its index, or −1 if it is not in this space (unknown value, broken constraint, missing or extra key). */
  indexOf(configuration: Configuration): number;
  has(configuration: Configuration): boolean;

  digitsAt(index: number): Int32Array;
  /** The index of these digits, or −1 if a constraint forbids them. */
  indexOfDigits(digits: Int32Array): number;
  configurationOf(digits: Int32Array): Configuration;

  /** A uniformly drawn index. */
  sample(random: Random): number;

  /**
   * Indices of the members that differ from this one in exactly one parameter,
   * - 'adjacent': by one step of an ordinal (values that no member has are skipped), or to any other
   *   value of a categorical;
   * - 'hamming': to any other value.
   * Where pinning makes a single change impossible (staging pins tile and buffers), the parameters
   * that a constraint ties to the changed one are repaired to the nearest values that are members.
   */
  neighbours(index: number, reach: 'adjacent' | 'hamming'): readonly number[];

  /**
   * The index of a member near these digits. A bounded search minimizes the number of changed parameters,
   * then their steps. −1 if it finds none, which happens only in spaces with many entangled constraints.
   */
  nearest(digits: Int32Array): number;

  /**
   * The digits at a place of the members that have these digits at the other places that constraints tie to it,
   * directly or by others; ascending. A digit below 0 is open.
   */
  digitsLeft(place: number, digits: Int32Array): readonly number[];

  /**
   * The members that also satisfy the restriction; null if there are none. Parameters keep their values, so
   * digits mean the same in a space and in all its restrictions; indices do not. `within` are the limits of
   * this construction, if not those that the space was made with.
   */
  restrict(restriction: Restriction, within?: ConstructionOptions): SearchSpace | null;
}

/** The first broken constraint's sentence, or another reason why it is not a member; undefined for a member. */
export type Explain = (
  space: SearchSpace,
  configuration: Readonly<Record<string, Value>>,
) => string | undefined;

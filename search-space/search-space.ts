import type { Constraint } from './constraint.ts';
import type { Configuration, Parameter, Value } from './parameter.ts';
import type { Random } from './random.ts';
import type { Restriction } from './restriction.ts';

/**
 * Every configuration that satisfies every constraint, in a fixed order.
 *
 * No operation lists the whole space: sizes are counts on a decision diagram, and positions are
 * mixed radix over its independent groups. A configuration is also known by its *index* (its place
 * in 0 … size − 1) and by its *digits* (the place of each value in its parameter's `values`, in
 * parameter order), which is what strategies and models compute on.
 */
export interface SearchSpace {
  readonly parameters: readonly Parameter[];
  readonly constraints: readonly Constraint[];
  /** Exact number of configurations. An empty space is refused where a space is made. */
  readonly size: number;
  /** The same for the same parameters, values, tags and constraints. */
  readonly hash: string;

  /** The configuration at an index. Throws RangeError outside 0 … size − 1. */
  at(index: number): Configuration;
  /** Its index, or −1 where it is not of this space (unknown value, broken constraint, missing or extra key). */
  indexOf(configuration: Configuration): number;
  has(configuration: Configuration): boolean;

  digitsAt(index: number): Int32Array;
  /** The index of these digits, or −1 where a constraint forbids them. */
  indexOfDigits(digits: Int32Array): number;
  configurationOf(digits: Int32Array): Configuration;

  /** A uniformly drawn index. */
  sample(random: Random): number;

  /**
   * Indices of the members that differ from this one in exactly one parameter,
   * - 'adjacent': by one step of an ordinal's order (over values that no member has), or any other
   *   value of a categorical;
   * - 'hamming': by any other value.
   * Where pinning makes a single change impossible (staging pins tile and buffers), the parameters
   * that a constraint ties to the changed one are repaired to the nearest values that are members.
   */
  neighbours(index: number, reach: 'adjacent' | 'hamming'): readonly number[];

  /**
   * The index of a member near these digits: as few parameters changed as a bounded search finds, those
   * by as few steps. −1 where it finds none, which takes a space tied together by many constraints.
   */
  nearest(digits: Int32Array): number;

  /**
   * The members that also satisfy the restriction; null where there is none. Its parameters and their
   * values stay, so digits mean the same in a space and in all its restrictions; indices do not.
   */
  restrict(restriction: Restriction): SearchSpace | null;
}

/** The first broken constraint's sentence, or what else is wrong with it; undefined for a member. */
export type Explain = (
  space: SearchSpace,
  configuration: Readonly<Record<string, Value>>,
) => string | undefined;

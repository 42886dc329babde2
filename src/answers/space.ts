import { type ConstraintCost, combinationsOf, constraintCosts } from '../../search-space/constraint-costs.ts';
import type { Configuration } from '../../search-space/parameter.ts';
import { randomFor } from '../../search-space/random.ts';
import type { SearchSpace } from '../../search-space/search-space.ts';

/** A space as its user sees it. */
export type SpaceDescription = Readonly<{
  space: SearchSpace;
  /** All combinations of values, whether a constraint forbids them or not. */
  combinations: bigint;
  costs: readonly ConstraintCost[];
  /** The configuration without tuning; `isMember` is false where steering excludes it. */
  default: Readonly<{ configuration: Configuration; isMember: boolean }>;
  /** A few configurations that differ much from each other. */
  members: readonly Configuration[];
}>;

const MEMBERS = 5;
const DRAWN = 200;

/** Calls `pause` before each constraint is counted; it may throw to end the work. */
export async function describeSpace(
  space: SearchSpace,
  preferred: Configuration,
  pause: (counted: number) => Promise<void>,
): Promise<SpaceDescription> {
  const costs: ConstraintCost[] = [];
  const counting = constraintCosts(space);
  for (;;) {
    await pause(costs.length);
    const { done, value } = counting.next();
    if (done) break;
    costs.push(value);
  }
  return {
    space,
    combinations: combinationsOf(space),
    costs,
    default: { configuration: preferred, isMember: space.has(preferred) },
    members: spreadMembers(space).map((index) => space.at(index)),
  };
}

/**
 * Indices of a few members: the first of some drawn ones, then always the one whose least number of different
 * values to those chosen is greatest. The same for the same space.
 */
function spreadMembers(space: SearchSpace): readonly number[] {
  const random = randomFor('members', space.hash);
  const few = space.size <= DRAWN;
  const drawn = few
    ? Array.from({ length: space.size }, (_, index) => index)
    : Array.from({ length: DRAWN }, () => space.sample(random));
  const candidates = drawn.map((index) => ({
    index,
    digits: space.digitsAt(index),
    nearest: Number.POSITIVE_INFINITY,
  }));
  const chosen: number[] = [];
  while (chosen.length < MEMBERS) {
    const next = candidates.reduce((best, each) => (each.nearest > best.nearest ? each : best));
    if (next.nearest === 0) break;
    chosen.push(next.index);
    for (const each of candidates) each.nearest = Math.min(each.nearest, distance(each.digits, next.digits));
  }
  return chosen.sort((a, b) => a - b);
}

/** In how many parameters two members differ. */
function distance(a: Int32Array, b: Int32Array): number {
  return a.reduce((count, digit, place) => count + (digit === b[place] ? 0 : 1), 0);
}

import type { Configuration, Mechanism, Parameter, Value } from '../../search-space/parameter.ts';
import { MECHANISMS } from '../../search-space/parameter.ts';
import type { Permitted, Restriction } from '../../search-space/restriction.ts';
import { forceOn, permitOnly, SUBSETS, subsetName } from '../../search-space/restriction.ts';
import type { SearchSpace } from '../../search-space/search-space.ts';
import { type Restrict, restrictHere } from './restrict.ts';
import { type Rival, rivalSubspaces } from './rivals.ts';

/**
 * A restriction of the space whose best time some gain is computed from: a subset of mechanisms permitted,
 * one mechanism forced on, DB without the transfers that serve it, a mechanism without one of its
 * parameters, or a rival. It follows from the parameters' tags and the target's rivals, so any space has them.
 */
export type Subspace = Readonly<{ name: string; space: SearchSpace; permitted?: Permitted }>;

/**
 * The subspaces of a space: first up to eight subsets of mechanisms, the last of which is the whole space. Throws
 * InputError where one of them is too hard to count.
 */
export async function subspacesOf(
  space: SearchSpace,
  rivals: readonly Rival[] = [],
  restrict: Restrict = restrictHere,
): Promise<readonly Subspace[]> {
  const found: Subspace[] = [];
  for (const { restriction, ...named } of restrictionsOf(space.parameters)) {
    const left = await restrict(space, restriction);
    if (left === null || (named.isPart && left.size === space.size)) continue;
    const { name, permitted } = named;
    found.push(permitted === undefined ? { name, space: left } : { name, space: left, permitted });
  }
  for (const rival of rivals) {
    const pair = await rivalSubspaces(space, rival, restrict);
    if (pair === null) continue;
    // Where the mechanism is only forced on, that subspace is there already.
    found.push(...(rival.own === undefined ? [pair.rival] : [pair.rival, pair.own]));
  }
  return found;
}

type NamedRestriction = Readonly<{
  name: string;
  restriction: Restriction;
  permitted?: Permitted;
  /** Not a subspace where it leaves all of the space. */
  isPart?: true;
}>;

function restrictionsOf(parameters: readonly Parameter[]): readonly NamedRestriction[] {
  const present = mechanismsOf(parameters);
  const subsets = SUBSETS.filter((subset) => [...subset].every((mechanism) => present.has(mechanism))).map(
    (permitted) => ({
      name: subsetName(permitted),
      restriction: permitOnly(parameters, permitted),
      permitted,
    }),
  );
  const forced = [...present].map((mechanism) => ({
    name: forcedName(mechanism),
    restriction: forceOn(parameters, mechanism),
  }));
  const unserved = [...present].flatMap((mechanism) => {
    const restriction = withoutServants(parameters, mechanism, present);
    return restriction === null ? [] : [{ name: unservedName(mechanism), restriction }];
  });
  const reduced = separateParameters(parameters).flatMap(({ name, off }) => {
    if (off === undefined) return [];
    return [{ name: withoutName(name), restriction: { values: { [name]: [off] } }, isPart: true } as const];
  });
  return [...subsets, ...forced, ...unserved, ...reduced];
}

/** Parameters whose part of their mechanism's gain is reported separately. */
export function separateParameters(parameters: readonly Parameter[]): readonly Parameter[] {
  return parameters.filter(({ tag, apart }) => tag !== 'schedule' && apart !== undefined);
}

/** The mechanisms that a space has parameters for. */
export function mechanismsOf(parameters: readonly Parameter[]): ReadonlySet<Mechanism> {
  return new Set(MECHANISMS.filter((mechanism) => parameters.some(({ tag }) => tag === mechanism)));
}

/** The mechanisms that no configuration of a space has off, as where `threads=4` is fixed; of all its subspaces. */
export function alwaysOn(
  parameters: readonly Parameter[],
  subspaces: readonly Subspace[],
): ReadonlySet<Mechanism> {
  const present = [...mechanismsOf(parameters)];
  const isNeverOff = (mechanism: Mechanism): boolean => {
    const without = subsetName(new Set(present.filter((other) => other !== mechanism)));
    return subspaces.every(({ name }) => name !== without);
  };
  return new Set(present.filter(isNeverOff));
}

/** A configuration with every mechanism off that is not permitted. It may lie outside the space. */
export function permittedOnly(
  configuration: Configuration,
  parameters: readonly Parameter[],
  permitted: Permitted,
): Configuration {
  return Object.fromEntries(
    parameters.map(({ name, tag, off }) => [
      name,
      tag !== 'schedule' && !permitted.has(tag) && off !== undefined ? off : configuration[name],
    ]),
  );
}

export function forcedName(mechanism: Mechanism): string {
  return `${mechanism} forced`;
}

/** All mechanisms permitted, one parameter of them off. */
export function withoutName(parameter: string): string {
  return `without ${parameter}`;
}

/** The mechanism off, and what serves it off as well. */
export function unservedName(mechanism: Mechanism): string {
  return `${mechanism} unserved`;
}

/** The mechanism off, and without the schedule's values that serve it; null where none do. */
function withoutServants(
  parameters: readonly Parameter[],
  mechanism: Mechanism,
  present: ReadonlySet<Mechanism>,
): Restriction | null {
  const servants = parameters.filter(({ serves }) => serves?.mechanism === mechanism);
  if (servants.length === 0) return null;
  const others = new Set([...present].filter((other) => other !== mechanism));
  const values: Record<string, readonly Value[]> = { ...permitOnly(parameters, others).values };
  for (const { name, values: all, serves } of servants) {
    values[name] = all.filter((value) => !serves?.values.includes(value));
  }
  return { values };
}

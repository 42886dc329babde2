import type { Configuration, Mechanism, Parameter, Value } from '../../search-space/parameter.ts';
import { MECHANISMS } from '../../search-space/parameter.ts';
import type { Permitted, Restriction } from '../../search-space/restriction.ts';
import { forceOn, permitOnly, SUBSETS, subsetName } from '../../search-space/restriction.ts';
import type { SearchSpace } from '../../search-space/search-space.ts';
import { type Rival, rivalSubspaces } from './rivals.ts';

/**
 * A restriction of the space whose best time some gain is computed from: a subset of mechanisms permitted,
 * one mechanism forced on, DB without the transfers that serve it, a mechanism without one of its
 * parameters, or a rival. It follows from the parameters' tags and the target's rivals, so any space has them.
 */
export type Subspace = Readonly<{ name: string; space: SearchSpace; permitted?: Permitted }>;

/** The subspaces of a space: first up to eight subsets of mechanisms, the last of which is the whole space. */
export function subspacesOf(space: SearchSpace, rivals: readonly Rival[] = []): readonly Subspace[] {
  const { parameters } = space;
  const present = mechanismsOf(parameters);
  const subsets = SUBSETS.filter((subset) =>
    [...subset].every((mechanism) => present.has(mechanism)),
  ).flatMap((permitted) =>
    restricted(space, subsetName(permitted), permitOnly(parameters, permitted), permitted),
  );
  const forced = [...present].flatMap((mechanism) =>
    restricted(space, forcedName(mechanism), forceOn(parameters, mechanism)),
  );
  const unserved = [...present].flatMap((mechanism) => {
    const restriction = withoutServants(parameters, mechanism, present);
    return restriction === null ? [] : restricted(space, unservedName(mechanism), restriction);
  });
  const reduced = separateParameters(parameters)
    .flatMap(({ name, off }) => {
      return off === undefined ? [] : restricted(space, withoutName(name), { values: { [name]: [off] } });
    })
    .filter((part) => part.space.size < space.size);
  return [...subsets, ...forced, ...unserved, ...reduced, ...subspacesOfRivals(space, rivals)];
}

/** Each rival, and the mechanism as it meets it; where it is only forced on, that subspace is there already. */
function subspacesOfRivals(space: SearchSpace, rivals: readonly Rival[]): readonly Subspace[] {
  return rivals.flatMap((rival) => {
    const pair = rivalSubspaces(space, rival);
    if (pair === null) return [];
    return rival.own === undefined ? [pair.rival] : [pair.rival, pair.own];
  });
}

/** Parameters whose part of their mechanism's gain is reported separately. */
export function separateParameters(parameters: readonly Parameter[]): readonly Parameter[] {
  return parameters.filter(({ tag, apart }) => tag !== 'schedule' && apart !== undefined);
}

/** The mechanisms that a space has parameters for. */
export function mechanismsOf(parameters: readonly Parameter[]): ReadonlySet<Mechanism> {
  return new Set(MECHANISMS.filter((mechanism) => parameters.some(({ tag }) => tag === mechanism)));
}

/** The mechanisms that no configuration of a space has off, as where `threads=4` is fixed. */
export function alwaysOn(space: SearchSpace): ReadonlySet<Mechanism> {
  const { parameters } = space;
  const present = [...mechanismsOf(parameters)];
  const isNeverOff = (mechanism: Mechanism): boolean => {
    const others = new Set(present.filter((other) => other !== mechanism));
    return space.restrict(permitOnly(parameters, others)) === null;
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

/** None where nothing is left of the space. */
function restricted(
  space: SearchSpace,
  name: string,
  restriction: Restriction,
  permitted?: Permitted,
): readonly Subspace[] {
  const left = space.restrict(restriction);
  if (left === null) return [];
  return [permitted === undefined ? { name, space: left } : { name, space: left, permitted }];
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

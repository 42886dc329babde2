import type { Mechanism, Parameter, Value } from '../../search-space/parameter.ts';
import { MECHANISMS } from '../../search-space/parameter.ts';
import type { Permitted, Restriction } from '../../search-space/restriction.ts';
import { forceOn, permitOnly, SUBSETS, subsetName } from '../../search-space/restriction.ts';
import type { SearchSpace } from '../../search-space/search-space.ts';
import { type Rival, rivalRegions } from './rivals.ts';

/**
 * A restriction of the space whose best time some gain needs: a subset of permitted mechanisms, one
 * mechanism forced on, DB without the transfers that serve it, a mechanism without what is told apart
 * of it, or a rival. Read off the parameters' tags and the target's rivals, so it works for any space.
 */
export type Region = Readonly<{ name: string; space: SearchSpace; permitted?: Permitted }>;

/** The regions of a space, the eight subsets first and the whole space last among them. */
export function regionsOf(space: SearchSpace, rivals: readonly Rival[] = []): readonly Region[] {
  const present = mechanismsOf(space.parameters);
  const subsets = SUBSETS.filter((subset) =>
    [...subset].every((mechanism) => present.has(mechanism)),
  ).flatMap((permitted) =>
    region(space, subsetName(permitted), permitOnly(space.parameters, permitted), permitted),
  );
  const forced = [...present].flatMap((mechanism) =>
    region(space, forcedName(mechanism), forceOn(space.parameters, mechanism)),
  );
  const unserved = [...present].flatMap((mechanism) => {
    const restriction = withoutServants(space.parameters, mechanism, present);
    return restriction === null ? [] : region(space, unservedName(mechanism), restriction);
  });
  const reduced = partsApart(space.parameters)
    .flatMap(({ name, off }) => {
      return off === undefined ? [] : region(space, reducedName(name), { values: { [name]: [off] } });
    })
    .filter((part) => part.space.size < space.size);
  return [...subsets, ...forced, ...unserved, ...reduced, ...meetings(space, rivals)];
}

/** Rivals with what they meet; a mechanism held to nothing is its forced region, which is there already. */
function meetings(space: SearchSpace, rivals: readonly Rival[]): readonly Region[] {
  return rivals.flatMap((rival) => {
    const regions = rivalRegions(space, rival);
    if (regions === null) return [];
    return rival.own === undefined ? [regions.rival] : [regions.rival, regions.own];
  });
}

/** Parameters whose part of their mechanism's gain is told apart. */
export function partsApart(parameters: readonly Parameter[]): readonly Parameter[] {
  return parameters.filter(({ tag, apart }) => tag !== 'schedule' && apart !== undefined);
}

/** The mechanisms that a space has parameters for. */
export function mechanismsOf(parameters: readonly Parameter[]): ReadonlySet<Mechanism> {
  return new Set(MECHANISMS.filter((mechanism) => parameters.some(({ tag }) => tag === mechanism)));
}

export function forcedName(mechanism: Mechanism): string {
  return `${mechanism} forced`;
}

/** All mechanisms permitted, one parameter of them off. */
export function reducedName(parameter: string): string {
  return `without ${parameter}`;
}

export function unservedName(mechanism: Mechanism): string {
  return `${mechanism} unserved`;
}

function region(
  space: SearchSpace,
  name: string,
  restriction: Restriction,
  permitted?: Permitted,
): readonly Region[] {
  const restricted = space.restrict(restriction);
  if (restricted === null) return [];
  return [permitted === undefined ? { name, space: restricted } : { name, space: restricted, permitted }];
}

/** The mechanism off, and with it the schedule's values that exist for its sake. */
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

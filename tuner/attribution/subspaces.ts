import type { Configuration, Mechanism, Parameter, Value } from '../../search-space/parameter.ts';
import { MECHANISMS } from '../../search-space/parameter.ts';
import type { Permitted, Restriction } from '../../search-space/restriction.ts';
import { forceOn, permitOnly, SUBSETS, subsetName } from '../../search-space/restriction.ts';
import type { SearchSpace } from '../../search-space/search-space.ts';
import { absenceOf } from './absence.ts';
import type { Unknown } from './gain.ts';
import { type Restrict, restrictHere } from './restrict.ts';
import { type Rival, rivalSubspaces } from './rivals.ts';

/**
 * A restriction of the space whose best time some gain is computed from: a subset of mechanisms permitted,
 * one mechanism forced on, DB without the transfers that serve it (and without MT), a mechanism without one of its
 * parameters, or a rival. It follows from the parameters' tags and the target's rivals, so any space has them.
 */
export type Subspace = Readonly<{
  name: string;
  space: SearchSpace;
  permitted?: Permitted;
  /** Only asked for beside a published figure: no trial is made for it. */
  isAside?: true;
}>;

/** The subspaces of a space, and what is known once they are counted. */
export type Subspaces = Readonly<{
  /** First up to eight subsets of mechanisms, the last of which is the whole space. */
  all: readonly Subspace[];
  /** The mechanisms that the space has parameters for. */
  mechanisms: ReadonlySet<Mechanism>;
  /** What each rung of the ladder permits: one mechanism more than the rung before, and always what cannot be off. */
  rungs: readonly Permitted[];
  /** The mechanisms that no configuration has on, with the reason. */
  absent: ReadonlyMap<Mechanism, Unknown>;
  /** The parameters whose part of their mechanism's gain is told separately. */
  separate: readonly Parameter[];
  /** Those of the target's rivals that the space has. */
  rivals: readonly Rival[];
}>;

/** The whole space alone, for a study of no ladder. */
export function undivided(space: SearchSpace): Subspaces {
  const permitted = mechanismsOf(space.parameters);
  return {
    all: [{ name: subsetName(permitted), space, permitted }],
    mechanisms: new Set(),
    rungs: [],
    absent: new Map(),
    separate: [],
    rivals: [],
  };
}

/** Counts the subspaces of a space. Throws InputError where one of them is too hard to count. */
export async function subspacesOf(
  space: SearchSpace,
  rivals: readonly Rival[] = [],
  restrict: Restrict = restrictHere,
): Promise<Subspaces> {
  const { parameters } = space;
  const all: Subspace[] = [];
  for (const { restriction, ...named } of restrictionsOf(parameters)) {
    const left = await restrict(space, restriction);
    if (left === null || (named.isPart && left.size === space.size)) continue;
    const { isPart: _, ...subspace } = named;
    all.push({ ...subspace, space: left });
  }
  const met: Rival[] = [];
  for (const rival of rivals) {
    const pair = await rivalSubspaces(space, rival, restrict);
    if (pair === null) continue;
    met.push(rival);
    // Where the mechanism is only forced on, that subspace is there already.
    all.push(...(rival.own === undefined ? [pair.rival] : [pair.rival, pair.own]));
  }
  const names = new Set(all.map(({ name }) => name));
  const mechanisms = mechanismsOf(parameters);
  const held = [...mechanisms].filter((mechanism) => !names.has(subsetName(allBut(mechanism, mechanisms))));
  const absent = [...mechanisms].filter((mechanism) => !names.has(forcedName(mechanism)));
  return {
    all,
    mechanisms,
    rungs: rungsOf(mechanisms, new Set(held)),
    absent: new Map(absent.map((mechanism) => [mechanism, absenceOf(space, mechanism)])),
    separate: separateParameters(parameters).filter(({ name }) => names.has(withoutName(name))),
    rivals: met,
  };
}

type NamedRestriction = Omit<Subspace, 'space'> &
  Readonly<{
    restriction: Restriction;
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
    const others = allBut(mechanism, present);
    const restriction = withoutServants(parameters, mechanism, others);
    if (restriction === null) return [];
    const found: NamedRestriction[] = [{ name: unservedName(mechanism), restriction }];
    const before = beforeIn(present, mechanism);
    const fewer = before && withoutServants(parameters, mechanism, allBut(before, others));
    if (fewer) found.push({ name: unservedName(mechanism, before), restriction: fewer, isAside: true });
    return found;
  });
  const reduced = separateParameters(parameters).flatMap(({ name, off }) => {
    if (off === undefined) return [];
    return [{ name: withoutName(name), restriction: { values: { [name]: [off] } }, isPart: true } as const];
  });
  return [...subsets, ...forced, ...unserved, ...reduced];
}

function separateParameters(parameters: readonly Parameter[]): readonly Parameter[] {
  return parameters.filter(({ tag, apart }) => tag !== 'schedule' && apart !== undefined);
}

/** The mechanisms that a space has parameters for. */
export function mechanismsOf(parameters: readonly Parameter[]): ReadonlySet<Mechanism> {
  return new Set(MECHANISMS.filter((mechanism) => parameters.some(({ tag }) => tag === mechanism)));
}

/** The rungs of a ladder of these mechanisms, of which those `held` cannot be off. */
export function rungsOf(
  mechanisms: ReadonlySet<Mechanism>,
  held: ReadonlySet<Mechanism>,
): readonly Permitted[] {
  const added = MECHANISMS.filter((mechanism) => mechanisms.has(mechanism) && !held.has(mechanism));
  return Array.from({ length: added.length + 1 }, (_, count) => new Set([...held, ...added.slice(0, count)]));
}

/** All mechanisms but one. */
export function allBut(mechanism: Mechanism, mechanisms: ReadonlySet<Mechanism>): Permitted {
  return new Set([...mechanisms].filter((other) => other !== mechanism));
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

/** The mechanism off, and what serves it off as well; with `before`, the mechanism of the rung before, too. */
export function unservedName(mechanism: Mechanism, before?: Mechanism): string {
  return before === undefined ? `${mechanism} unserved` : `${mechanism} unserved, no ${before}`;
}

/** The mechanism that the ladder adds before this one. */
function beforeIn(mechanisms: ReadonlySet<Mechanism>, mechanism: Mechanism): Mechanism | undefined {
  const all = [...mechanisms];
  return all[all.indexOf(mechanism) - 1];
}

/** What is permitted, without the schedule's values that serve a mechanism; null where none do. */
function withoutServants(
  parameters: readonly Parameter[],
  mechanism: Mechanism,
  permitted: Permitted,
): Restriction | null {
  const servants = parameters.filter(({ serves }) => serves?.mechanism === mechanism);
  if (servants.length === 0) return null;
  const values: Record<string, readonly Value[]> = { ...permitOnly(parameters, permitted).values };
  for (const { name, values: all, serves } of servants) {
    values[name] = all.filter((value) => !serves?.values.includes(value));
  }
  return { values };
}

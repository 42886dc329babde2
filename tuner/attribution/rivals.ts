import type { Mechanism, Parameter, Value } from '../../search-space/parameter.ts';
import { forceOn, permitOnly } from '../../search-space/restriction.ts';
import type { SearchSpace } from '../../search-space/search-space.ts';
import { type Restrict, restrictHere } from './restrict.ts';

type Values = Readonly<Record<string, readonly Value[]>>;

/**
 * Another use of what a mechanism takes: DB takes a thread, which could compute instead. The mechanism,
 * forced on, is compared with the best of that other use.
 */
export type Rival = Readonly<{
  mechanism: Mechanism;
  /** For people, after "against": "computing in place on one thread". */
  label: string;
  /** The rival's values; the mechanism is off, everything else is tuned. */
  values: Values;
  /** Values that the mechanism is restricted to when it meets this rival, where that is fairer. */
  own?: Values;
}>;

/** The subspace of a rival, and that of the mechanism as it meets the rival. */
type RivalPair = Readonly<{
  rival: Readonly<{ name: string; space: SearchSpace }>;
  own: Readonly<{ name: string; space: SearchSpace }>;
}>;

export function rivalName({ mechanism, label }: Rival): string {
  return `${mechanism} against ${label}`;
}

export function ownName(rival: Rival): string {
  return rival.own === undefined ? `${rival.mechanism} forced` : `${rivalName(rival)}, itself`;
}

/** Null where the space contains no such rival, or no such use of the mechanism. */
export async function rivalSubspaces(
  space: SearchSpace,
  rival: Rival,
  restrict: Restrict = restrictHere,
): Promise<RivalPair | null> {
  const { parameters } = space;
  const off = { values: { ...without(parameters, rival.mechanism), ...rival.values } };
  const on = { ...forceOn(parameters, rival.mechanism), values: rival.own ?? {} };
  // A parameter that the space lacks makes the restriction impossible.
  const known = new Set(parameters.map(({ name }) => name));
  if (![off, on].every(({ values }) => Object.keys(values).every((name) => known.has(name)))) return null;
  const [its, own] = [await restrict(space, off), await restrict(space, on)];
  if (its === null || own === null) return null;
  return { rival: { name: rivalName(rival), space: its }, own: { name: ownName(rival), space: own } };
}

function without(parameters: readonly Parameter[], mechanism: Mechanism): Values {
  const others = new Set((['vec', 'mt', 'db'] as const).filter((other) => other !== mechanism));
  return permitOnly(parameters, others).values;
}

import type { Mechanism, Parameter, Value } from './parameter.ts';
import { MECHANISMS } from './parameter.ts';

/**
 * A smaller space of the same parameters: each named parameter may only take the values listed, and
 * for each group in `someOf` at least one of its parameters must differ from the given value
 * (this forces a mechanism on). What a text in `forbidden` describes, in the grammar of constraints, is excluded.
 */
export type Restriction = Readonly<{
  values: Readonly<Record<string, readonly Value[]>>;
  someNot?: readonly Readonly<Record<string, Value>>[];
  forbidden?: readonly string[];
}>;

/** The mechanisms that a rung or a subset permits. */
export type Permitted = ReadonlySet<Mechanism>;

/** All eight subsets of Vec, MT and DB; in the order of a three-bit counter. */
export const SUBSETS: readonly Permitted[] = Object.freeze(
  Array.from(
    { length: 1 << MECHANISMS.length },
    (_, bits) => new Set(MECHANISMS.filter((_, place) => (bits >> place) & 1)),
  ),
);

/** "scalar", "vec", "mt", "vec+mt", … */
export function subsetName(permitted: Permitted): string {
  const names = MECHANISMS.filter((mechanism) => permitted.has(mechanism));
  return names.length === 0 ? 'scalar' : names.join('+');
}

/** Holds parameters of mechanisms outside `permitted` at their off value; all others stay free. */
export function permitOnly(parameters: readonly Parameter[], permitted: Permitted): Restriction {
  const values: Record<string, readonly Value[]> = {};
  for (const parameter of parameters) {
    if (parameter.tag !== 'schedule' && parameter.off !== undefined && !permitted.has(parameter.tag)) {
      values[parameter.name] = [parameter.off];
    }
  }
  return { values };
}

/** Forces the mechanism on: at least one of its parameters is not at its off value. */
export function forceOn(parameters: readonly Parameter[], mechanism: Mechanism): Restriction {
  const off: Record<string, Value> = {};
  for (const parameter of parameters) {
    if (parameter.tag === mechanism && parameter.off !== undefined) off[parameter.name] = parameter.off;
  }
  return { values: {}, someNot: [off] };
}

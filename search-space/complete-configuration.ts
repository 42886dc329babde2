import type { ConstructionOptions } from './construction.ts';
import { explain } from './explain.ts';
import { InputError } from './input-error.ts';
import type { Configuration, Parameter, Value } from './parameter.ts';
import type { SearchSpace } from './search-space.ts';
import { whyImpossible } from './why-impossible.ts';

/**
 * A member of the space with the given values. In the order of the parameters, each other parameter takes
 * the preferred configuration's value if that is possible with the values before it, else the nearest
 * possible value. Throws InputError with the broken constraint's sentence if there is no such member.
 * `within` are the limits of each of the restrictions that it tries.
 */
export function completeConfiguration(
  space: SearchSpace,
  preferred: Configuration,
  given: Readonly<Record<string, Value>>,
  within?: ConstructionOptions,
): Configuration {
  const asked = space.indexOf({ ...preferred, ...given });
  if (asked >= 0) return space.at(asked);
  let left = space;
  for (const [name, value] of Object.entries(given)) {
    const fewer = left.restrict({ values: { [name]: [value] } }, within);
    if (fewer === null) throw conflict(space, preferred, given, name, within);
    left = fewer;
  }
  return nearest(left, preferred, within);
}

/** Fixes one parameter after the other to the possible value nearest to the preferred configuration's. */
function nearest(
  space: SearchSpace,
  preferred: Configuration,
  within: ConstructionOptions | undefined,
): Configuration {
  let left = space;
  for (const parameter of space.parameters) {
    for (const value of byDistance(parameter, preferred[parameter.name])) {
      const fewer = left.restrict({ values: { [parameter.name]: [value] } }, within);
      if (fewer === null) continue;
      left = fewer;
      break;
    }
  }
  return left.at(0);
}

/** An ordinal's values by distance, the smaller first at equal distance; other kinds' values in listed order. */
function byDistance({ kind, values }: Parameter, from: Value): readonly Value[] {
  const place = values.indexOf(from);
  if (kind !== 'ordinal') return [from, ...values.filter((value) => value !== from)];
  return values
    .map((value, at) => ({ value, distance: Math.abs(at - place) }))
    .sort((a, b) => a.distance - b.distance)
    .map(({ value }) => value);
}

/** The error for the first given value that is impossible together with the others. */
function conflict(
  space: SearchSpace,
  preferred: Configuration,
  given: Readonly<Record<string, Value>>,
  name: string,
  within: ConstructionOptions | undefined,
): InputError {
  const alone = space.restrict({ values: { [name]: [given[name]] } }, within);
  const asked = { ...(alone === null ? preferred : nearest(alone, preferred, within)), ...given };
  // Constraints that only together forbid a value must all be told: the first broken one could be kept by itself.
  const together = whyImpossible(space, given).map(({ sentence }) => sentence);
  const why = together.length === 0 ? explain(space, asked) : together.join(', and ');
  return new InputError(name, `cannot be ${given[name]} here: ${why}`);
}

import { explain } from './explain.ts';
import { InputError } from './input-error.ts';
import type { Configuration, Parameter, Value } from './parameter.ts';
import type { SearchSpace } from './search-space.ts';
import { whyImpossible } from './why-impossible.ts';

/** The digit of a parameter that is not decided yet. */
const OPEN = -1;

/**
 * A member of the space with the given values. In the order of the parameters, each other parameter takes
 * the preferred configuration's value if that is possible with the values before it, else the nearest
 * possible value. Throws InputError with the broken constraint's sentence if there is no such member.
 */
export function completeConfiguration(
  space: SearchSpace,
  preferred: Configuration,
  given: Readonly<Record<string, Value>>,
): Configuration {
  const asked = space.indexOf({ ...preferred, ...given });
  if (asked >= 0) return space.at(asked);
  const digits = new Int32Array(space.parameters.length).fill(OPEN);
  for (const [name, value] of Object.entries(given)) {
    if (!decide(space, digits, name, value)) throw conflict(space, preferred, given, name);
  }
  return nearest(space, preferred, digits);
}

/** Decides for a value; false where no member has it and what was decided before. */
function decide(space: SearchSpace, digits: Int32Array, name: string, value: Value): boolean {
  const place = space.parameters.findIndex((parameter) => parameter.name === name);
  const digit = space.parameters[place]?.values.indexOf(value) ?? -1;
  if (digit < 0 || !space.digitsLeft(place, digits).includes(digit)) return false;
  digits[place] = digit;
  return true;
}

/** Decides one open parameter after the other for the possible value nearest to the preferred configuration's. */
function nearest(space: SearchSpace, preferred: Configuration, decided: Int32Array): Configuration {
  const digits = Int32Array.from(decided);
  for (const [place, parameter] of space.parameters.entries())
    digits[place] = nearestDigit(parameter, space.digitsLeft(place, digits), preferred[parameter.name]);
  return space.configurationOf(digits);
}

/** An ordinal's by distance, the smaller first at equal distance; other kinds' in listed order. `left` ascends. */
function nearestDigit({ kind, values }: Parameter, left: readonly number[], from: Value): number {
  const wanted = values.indexOf(from);
  if (kind !== 'ordinal') return left.includes(wanted) ? wanted : left[0];
  return left.reduce((best, digit) => (Math.abs(digit - wanted) < Math.abs(best - wanted) ? digit : best));
}

/** The error for the first given value that is impossible together with the others. */
function conflict(
  space: SearchSpace,
  preferred: Configuration,
  given: Readonly<Record<string, Value>>,
  name: string,
): InputError {
  const digits = new Int32Array(space.parameters.length).fill(OPEN);
  const isPossible = decide(space, digits, name, given[name]);
  const asked = { ...(isPossible ? nearest(space, preferred, digits) : preferred), ...given };
  // Constraints that only together forbid a value must all be told: the first broken one could be kept by itself.
  const together = whyImpossible(space, given).map(({ sentence }) => sentence);
  const why = together.length === 0 ? explain(space, asked) : together.join(', and ');
  return new InputError(name, `cannot be ${given[name]} here: ${why}`);
}

import { InputError } from '../../search-space/input-error.ts';
import type { Value } from '../../search-space/parameter.ts';
import type { TunedKernel } from './_base.ts';
import { type GivenName, valueMacro } from './names.ts';
import { configurationsOf } from './words.ts';

/** The string values of parameters, as macros of numbers that hold throughout a header. */
export type NumberedValues = Readonly<{
  macros: readonly (GivenName & Readonly<{ literal: string }>)[];
  nameOf(parameter: string, text: string): string;
}>;

/**
 * Numbers the string values of each parameter from 0 and skips numbers that are values of the parameter
 * too. Throws InputError if two values would be the same number in C.
 */
export function numberedValues(kernels: readonly TunedKernel[]): NumberedValues {
  const macros = [...valuesByParameter(kernels).entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([parameter, values]) => {
      const taken = takenNumbers(parameter, values);
      const texts = [...values].filter((value) => typeof value === 'string').sort();
      return texts.map((text, place) => ({
        name: valueMacro(parameter, text),
        of: `the value '${text}' of parameter '${parameter}'`,
        literal: String(freeNumber(place, taken)),
      }));
    });
  return { macros, nameOf: valueMacro };
}

function valuesByParameter(kernels: readonly TunedKernel[]): ReadonlyMap<string, ReadonlySet<Value>> {
  const found = new Map<string, Set<Value>>();
  for (const configuration of kernels.flatMap(configurationsOf)) {
    for (const [parameter, value] of Object.entries(configuration))
      found.set(parameter, (found.get(parameter) ?? new Set()).add(value));
  }
  return found;
}

function takenNumbers(parameter: string, values: ReadonlySet<Value>): ReadonlySet<number> {
  for (const flag of [false, true]) {
    if (!values.has(flag) || !values.has(Number(flag))) continue;
    throw new InputError(
      'c-header',
      `parameter '${parameter}' is ${flag} here and ${Number(flag)} there, which are one number in C`,
      'export json',
    );
  }
  return new Set([...values].filter((value) => typeof value !== 'string').map(Number));
}

/** The `place`-th (from 0) whole number that is not taken. */
function freeNumber(place: number, taken: ReadonlySet<number>): number {
  let number = 0;
  for (let left = place; ; number++) if (!taken.has(number) && left-- === 0) return number;
}

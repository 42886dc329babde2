import { createHash } from 'node:crypto';
import { InputError } from '../../search-space/input-error.ts';
import type { Value } from '../../search-space/parameter.ts';
import { branchesOf, type TunedKernel } from './_base.ts';
import { type GivenName, valueMacro } from './names.ts';

/** A text value of a parameter as a macro; `literal` is its number. */
export type NumberedValue = GivenName & Readonly<{ literal: string }>;

/**
 * A macro for each text that a parameter of these kernels can be, whether it is the best anywhere or not.
 * Throws InputError if two values of one parameter would be the same number.
 */
export function numberedValues(format: string, kernels: readonly TunedKernel[]): readonly NumberedValue[] {
  return [...textsByParameter(kernels)].flatMap(([parameter, values]) => {
    const owners = new Map<number, Value>();
    for (const value of values) {
      const number = valueNumber(parameter, value);
      const owner = owners.get(number);
      if (owner !== undefined)
        throw new InputError(
          format,
          `the values '${owner}' and '${value}' of parameter '${parameter}' would both be ${number}`,
          'rename one of them, or export json',
        );
      owners.set(number, value);
    }
    return [...values].sort().flatMap((text) => {
      if (typeof text !== 'string') return [];
      const of = `the value '${text}' of parameter '${parameter}'`;
      return [{ name: valueMacro(parameter, text), of, literal: String(valueNumber(parameter, text)) }];
    });
  });
}

/**
 * The number that stands for a value in C. A text's number follows from its macro's name alone: 2^30 plus the
 * first 30 bits of the name's SHA-256. So it is the same in every file, it fits an `int`, and it is never that
 * of a macro that is not defined, which is 0 after `#if`.
 */
export function valueNumber(parameter: string, value: Value): number {
  if (typeof value !== 'string') return Number(value);
  const hash = createHash('sha256').update(valueMacro(parameter, value)).digest();
  return 2 ** 30 + (hash.readUInt32BE(0) >>> 2);
}

/** All values of the parameters that have texts, in the order of the parameters' names. */
function textsByParameter(kernels: readonly TunedKernel[]): ReadonlyMap<string, ReadonlySet<Value>> {
  const found = new Map<string, Set<Value>>();
  const add = (parameter: string, values: readonly Value[]): void => {
    const known = found.get(parameter) ?? new Set();
    for (const value of values) known.add(value);
    found.set(parameter, known);
  };
  for (const { configuration, space } of kernels.flatMap(branchesOf)) {
    for (const { name, values } of space.parameters) add(name, values);
    for (const [name, value] of Object.entries(configuration)) add(name, [value]);
  }
  const withTexts = [...found].filter(([, values]) => [...values].some((value) => typeof value === 'string'));
  return new Map(withTexts.sort(([a], [b]) => (a < b ? -1 : 1)));
}

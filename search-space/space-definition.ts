import type { Constraint } from './constraint.ts';
import { InputError } from './input-error.ts';
import { asList, described } from './json-shape.ts';
import type { Configuration, Parameter, Value } from './parameter.ts';
import { parseValueList } from './values-text.ts';

/** A space as data: the arguments of `defineSpace`. */
export type SpaceDefinition = Readonly<{
  parameters: readonly Parameter[];
  constraints: readonly Constraint[];
}>;

/** The content of a space file. */
export type SpaceFile = SpaceDefinition &
  Readonly<{
    /** The space's or kernel's name, if the file gives one. */
    name?: string;
    /** The configuration in use today, if the file gives it; not checked to be a member. */
    default?: Configuration;
  }>;

/** A list of values, or a text such as "[2**i for i in range(6)]". */
export function readValues(data: unknown, field: string): readonly Value[] {
  if (typeof data === 'string') return parseValueList(data, field);
  return asList(data, field).map((value) => {
    if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') return value;
    throw new InputError(field, `can hold numbers, texts, true and false, not ${described(value)}`);
  });
}

/** Numbers are taken to be ordered; false and true to be a flag; anything else is categorical. */
export function kindOf(values: readonly Value[]): Parameter['kind'] {
  if (values.every((value) => typeof value === 'number')) return 'ordinal';
  return values.every((value) => typeof value === 'boolean') ? 'flag' : 'categorical';
}

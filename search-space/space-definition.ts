import type { Constraint } from './constraint.ts';
import { InputError } from './input-error.ts';
import { asList, described } from './json-shape.ts';
import { checkLimit, LIMITS } from './limits.ts';
import type { Configuration, Parameter, Value } from './parameter.ts';
import { parseConstraint } from './parse-constraint.ts';
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
  const list = asList(data, field);
  checkLimit(field, 'values', list.length, LIMITS.valuesOfParameter);
  return list.map((value) => {
    if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') return value;
    throw new InputError(field, `can hold numbers, texts, true and false, not ${described(value)}`);
  });
}

/** Numbers are taken to be ordered; false and true to be a flag; anything else is categorical. */
export function kindOf(values: readonly Value[]): Parameter['kind'] {
  if (values.every((value) => typeof value === 'number')) return 'ordinal';
  return values.every((value) => typeof value === 'boolean') ? 'flag' : 'categorical';
}

/** A list of at most so many entries. */
export function shortList(data: unknown, field: string, what: string, most: number): readonly unknown[] {
  const list = asList(data, field);
  checkLimit(field, what, list.length, most);
  return list;
}

/** Parses one constraint after the other, until they are too long together. */
export function constraintParser(
  field: string,
  names: readonly string[],
): (text: string, sentence: string, field: string) => Constraint {
  let characters = 0;
  return (text, sentence, at) => {
    characters += text.length;
    checkLimit(field, 'characters in all', characters, LIMITS.constraintsInAll);
    return parseConstraint(text, sentence, names, at);
  };
}

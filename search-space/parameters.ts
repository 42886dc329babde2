import { InputError } from './input-error.ts';
import { checkLimit, LIMITS } from './limits.ts';
import type { Parameter, Tag, Value } from './parameter.ts';

type Extras = Readonly<{ tag?: Tag; off?: Value; description?: string }>;

/** Numbers with a meaningful order and distance: ordinal('tile', [256, 512, 1024]). */
export function ordinal(name: string, values: readonly number[], extras: Extras = {}): Parameter {
  return made({ name, kind: 'ordinal', values, ...extras });
}

/** Names, or numbers, without an order: categorical('staging', ['direct', 'copy', 'dma']). */
export function categorical(
  name: string,
  values: readonly (string | number | boolean)[],
  extras: Extras = {},
): Parameter {
  return made({ name, kind: 'categorical', values, ...extras });
}

/** False or true. */
export function flag(name: string, extras: Extras = {}): Parameter {
  return made({ name, kind: 'flag', values: [false, true], ...extras });
}

function made(given: Omit<Parameter, 'tag'> & { tag?: Tag }): Parameter {
  const parameter = Object.freeze({
    tag: 'schedule' as const,
    ...given,
    values: Object.freeze([...given.values]),
  });
  checkParameter(parameter);
  return parameter;
}

const nameShape = /^[\p{L}_][\p{L}\p{N}_]*$/u;
const reserved = [
  '__proto__',
  'and',
  'or',
  'not',
  'in',
  'for',
  'if',
  'else',
  'is',
  'lambda',
  'True',
  'False',
];

/**
 * Throws InputError if a parameter has no valid name, no values, too many, a value twice, or a value of another
 * kind.
 */
export function checkParameter({ name, kind, values, off }: Parameter): void {
  checkLimit('parameter', 'characters in a name', name.length, LIMITS.name);
  const field = `parameter '${name}'`;
  if (!nameShape.test(name) || reserved.includes(name)) {
    throw new InputError(
      field,
      'is no name',
      'letters, digits and _ only, no digit first, no word of the grammar',
    );
  }
  if (values.length === 0) throw new InputError(field, 'has no values; give at least one');
  checkLimit(field, 'values', values.length, LIMITS.valuesOfParameter);
  const twice = firstTwice(values);
  if (twice !== undefined) throw new InputError(field, `has the value ${shown(twice)} twice`);
  for (const value of values) {
    const problem = problemOf(kind, value);
    if (problem !== undefined) throw new InputError(field, `${shown(value)} ${problem}`);
    if (typeof value === 'string') checkLimit(field, 'characters in a value', value.length, LIMITS.textValue);
  }
  if (off !== undefined && !values.includes(off)) {
    throw new InputError(field, `its off value ${shown(off)} is not one of ${shownList(values)}`);
  }
}

function firstTwice(values: readonly Value[]): Value | undefined {
  const seen = new Set<Value>();
  return values.find((value) => seen.size === seen.add(value).size);
}

/** Throws InputError for no parameters, too many, an invalid one, or two of the same name. */
export function checkParameters(parameters: readonly Parameter[]): void {
  if (parameters.length === 0) throw new InputError('parameters', 'there are none; give at least one');
  checkLimit('parameters', 'parameters', parameters.length, LIMITS.parameters);
  const inAll = parameters.reduce((sum, { values }) => sum + values.length, 0);
  checkLimit('parameters', 'values in all', inAll, LIMITS.valuesInAll, 'give them fewer values');
  const names = new Set<string>();
  for (const parameter of parameters) {
    checkParameter(parameter);
    if (names.has(parameter.name)) {
      throw new InputError(
        'parameters',
        `'${parameter.name}' is given twice`,
        'rename or remove one of them',
      );
    }
    names.add(parameter.name);
  }
}

function problemOf(kind: Parameter['kind'], value: Value): string | undefined {
  if (typeof value === 'number' && !Number.isFinite(value)) return 'is not a finite number';
  if (kind === 'ordinal' && typeof value !== 'number') return 'is not a number, as an ordinal needs';
  if (kind === 'flag' && typeof value !== 'boolean') return 'is not true or false, as a flag needs';
  return undefined;
}

/** A value in messages: 'dma', 4096, true. */
export function shown(value: Value): string {
  return typeof value === 'string' ? `'${value}'` : String(value);
}

const mostShown = 32;

/** Values for people; of a long list its beginning: 1, 2, 4, … 1,000 in all. */
export function shownList(values: readonly Value[]): string {
  const list = values.slice(0, mostShown).map(shown).join(', ');
  return values.length <= mostShown ? list : `${list}, … ${values.length.toLocaleString('en')} in all`;
}

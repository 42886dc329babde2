import { InputError, unknownName } from './input-error.ts';
import { asList, asOneOf, asRecord, asText } from './json-shape.ts';
import { LIMITS } from './limits.ts';
import type { Configuration, Parameter, Value } from './parameter.ts';
import { checkParameters, shown } from './parameters.ts';
import { constraintParser, kindOf, readValues, type SpaceFile, shortList } from './space-definition.ts';

const types = ['int', 'uint', 'float', 'bool', 'string'] as const;
type T1Type = (typeof types)[number];

/** Whether data looks like the auto-tuning community's T1 input format. */
export function isT1(record: Readonly<Record<string, unknown>>): boolean {
  return Object.hasOwn(record, 'ConfigurationSpace');
}

/** Reads the space of a T1 1.0.0 file. Unknown fields are ignored, as the schema allows them. */
export function readT1(record: Readonly<Record<string, unknown>>): SpaceFile {
  const space = asRecord(record.ConfigurationSpace, 'ConfigurationSpace');
  const field = 'ConfigurationSpace.TuningParameters';
  const entries = shortList(space.TuningParameters, field, 'parameters', LIMITS.parameters).map((entry, i) =>
    asRecord(entry, `${field}[${i}]`),
  );
  const parameters = entries.map((entry, i) => readParameter(entry, `${field}[${i}]`));
  checkParameters(parameters);
  const names = parameters.map(({ name }) => name);
  const conditions = 'ConfigurationSpace.Conditions';
  const parse = constraintParser(conditions, names);
  const given = shortList(space.Conditions ?? [], conditions, 'conditions', LIMITS.constraints);
  const constraints = given.map((entry, i) => {
    const at = `${conditions}[${i}]`;
    const condition = asRecord(entry, at);
    checkNames(condition.Parameters ?? [], names, `${at}.Parameters`);
    const expression = asText(condition.Expression, `${at}.Expression`);
    return parse(expression, expression, `${at}.Expression`);
  });
  const name = kernelName(record);
  return {
    ...(name === undefined ? {} : { name }),
    parameters,
    constraints,
    ...defaultOf(entries, parameters),
  };
}

/**
 * The `Default` of each parameter, a field that published files add to the schema; without one, the first
 * value. A default that is not a value of its parameter is kept: building the space reports it.
 */
function defaultOf(
  entries: readonly Readonly<Record<string, unknown>>[],
  parameters: readonly Parameter[],
): { default?: Configuration } {
  const given = entries.map((entry) => entry.Default ?? undefined);
  if (given.every((value) => value === undefined)) return {};
  const values = parameters.map(({ name, values }, i) => [
    name,
    given[i] === undefined ? values[0] : meant(given[i], values),
  ]);
  return { default: Object.freeze(Object.fromEntries(values)) };
}

/** The listed value that equals a given one in another notation: files write 64 and "64", True and 1. */
function meant(given: unknown, values: readonly Value[]): Value {
  const text = String(given);
  const same = values.find((value) => value === given) ?? values.find((value) => String(value) === text);
  if (same !== undefined) return same;
  const truth = ['true', '1'].includes(text.toLowerCase())
    ? true
    : ['false', '0'].includes(text.toLowerCase())
      ? false
      : undefined;
  if (truth !== undefined && values.includes(truth)) return truth;
  const number = text.trim() === '' ? Number.NaN : Number(text);
  return values.includes(number) ? number : typeof given === 'string' ? given : JSON.stringify(given);
}

function readParameter(entry: Readonly<Record<string, unknown>>, field: string): Parameter {
  const name = asText(entry.Name, `${field}.Name`);
  const type = asOneOf(entry.Type, types, `${field}.Type`);
  const values = readValues(entry.Values, `${field}.Values`).map((value) =>
    typed(value, type, `${field}.Values`),
  );
  return Object.freeze({ name, kind: kindOf(values), tag: 'schedule' as const, values });
}

function typed(value: Value, type: T1Type, field: string): Value {
  if (type === 'bool' && (value === 0 || value === 1)) return value === 1;
  const fits: Record<T1Type, boolean> = {
    int: Number.isInteger(value),
    uint: Number.isInteger(value) && Number(value) >= 0,
    float: typeof value === 'number',
    bool: typeof value === 'boolean',
    string: typeof value === 'string',
  };
  if (fits[type]) return value;
  throw new InputError(field, `${shown(value)} is not of type ${type}`);
}

function checkNames(data: unknown, names: readonly string[], field: string): void {
  for (const entry of asList(data, field)) {
    const name = asText(entry, field);
    if (!names.includes(name)) {
      throw new InputError(field, unknownName('parameter', name, names).message.slice('parameter: '.length));
    }
  }
}

function kernelName(record: Readonly<Record<string, unknown>>): string | undefined {
  if (record.KernelSpecification === undefined) return undefined;
  const specification = asRecord(record.KernelSpecification, 'KernelSpecification');
  return specification.KernelName === undefined
    ? undefined
    : asText(specification.KernelName, 'KernelSpecification.KernelName');
}

import { activeWhen, pinnedValue } from './active-when.ts';
import { Term } from './builder.ts';
import type { Constraint } from './constraint.ts';
import { InputError } from './input-error.ts';
import { asOneOf, asRecord, asText, checkKeys, described } from './json-shape.ts';
import { LIMITS } from './limits.ts';
import type { Configuration, Parameter, Tag, Value } from './parameter.ts';
import { checkParameters, shown } from './parameters.ts';
import { parseConstraint } from './parse-constraint.ts';
import { constraintParser, kindOf, readValues, type SpaceFile, shortList } from './space-definition.ts';
import { isT1, readT1 } from './t1-file.ts';

const tags: readonly Tag[] = ['vec', 'mt', 'db', 'schedule'];
const kinds = ['ordinal', 'categorical', 'flag'] as const;

/**
 * Reads a user's space from parsed JSON: nightshift's format, T1 1.0.0, or the definitions of
 * tuning benchmarks ({ name, params, constraints }). docs/spaces.md describes all three.
 * Throws InputError that names the field, and the column of an error in a text.
 */
export function readSpaceFile(data: unknown): SpaceFile {
  const record = asRecord(data, 'space');
  if (isT1(record)) return readT1(record);
  if (Object.hasOwn(record, 'params')) return readDefinition(record);
  return readOwn(record);
}

function readOwn(record: Readonly<Record<string, unknown>>): SpaceFile {
  checkKeys(record, ['name', 'description', 'parameters', 'constraints', 'default'], 'space');
  const entries = shortList(record.parameters, 'parameters', 'parameters', LIMITS.parameters).map(
    (entry, i) => {
      const field = `parameters[${i}]`;
      return { field, entry: asRecord(entry, field) };
    },
  );
  const parameters = entries.map(({ field, entry }) => readParameter(entry, field));
  checkParameters(parameters);
  const names = parameters.map(({ name }) => name);
  const conditional = entries.flatMap(({ field, entry }, i) =>
    entry.activeWhen === undefined
      ? []
      : [readActive(parameters[i], asText(entry.activeWhen, `${field}.activeWhen`), names, field)],
  );
  const constraints = [...readConstraints(record.constraints, names), ...conditional];
  return { ...nameOf(record), parameters, constraints, ...defaultOf(record, parameters) };
}

/** A listed value for each parameter; the constraints are checked later, when the space is built. */
function defaultOf(
  { default: data }: Readonly<Record<string, unknown>>,
  parameters: readonly Parameter[],
): { default?: Configuration } {
  if (data === undefined) return {};
  const given = asRecord(data, 'default');
  checkKeys(
    given,
    parameters.map(({ name }) => name),
    'default',
  );
  const values = parameters.map(({ name, values }) => [
    name,
    listedValue(given[name], values, `default.${name}`),
  ]);
  return { default: Object.freeze(Object.fromEntries(values)) };
}

function readParameter(entry: Readonly<Record<string, unknown>>, field: string): Parameter {
  checkKeys(entry, ['name', 'values', 'tag', 'off', 'kind', 'description', 'activeWhen'], field);
  const name = asText(entry.name, `${field}.name`);
  const values = readValues(entry.values, `${field}.values`);
  const kind = entry.kind === undefined ? kindOf(values) : asOneOf(entry.kind, kinds, `${field}.kind`);
  const tag = entry.tag === undefined ? 'schedule' : asOneOf(entry.tag, tags, `${field}.tag`);
  const off = entry.off === undefined ? {} : { off: listedValue(entry.off, values, `${field}.off`) };
  const description =
    entry.description === undefined ? {} : { description: asText(entry.description, `${field}.description`) };
  if (tag !== 'schedule' && entry.off === undefined) {
    throw new InputError(
      `${field}.off`,
      `is missing: a '${tag}' parameter needs the value it has when ${tag} is off`,
    );
  }
  return Object.freeze({ name, kind, tag, values, ...off, ...description });
}

function listedValue(data: unknown, values: readonly Value[], field: string): Value {
  const found = values.find((value) => value === data);
  if (found === undefined)
    throw new InputError(field, `${described(data)} is not one of ${described(values)}`);
  return found;
}

function readActive(parameter: Parameter, text: string, names: readonly string[], field: string): Constraint {
  const { expression } = parseConstraint(text, text, names, `${field}.activeWhen`);
  const pinned = shown(pinnedValue(parameter));
  const sentence = `${parameter.name} has an effect only when ${text}; elsewhere it must stay ${pinned}`;
  return activeWhen(parameter, new Term(expression), sentence);
}

/** Constraints as texts, or as { text, sentence } to give a clearer message. */
function readConstraints(data: unknown, names: readonly string[]): readonly Constraint[] {
  const entries = shortList(data ?? [], 'constraints', 'constraints', LIMITS.constraints);
  const parse = constraintParser('constraints', names);
  return entries.map((entry, i) => {
    const field = `constraints[${i}]`;
    if (typeof entry === 'string') return parse(entry, entry, field);
    const record = asRecord(entry, field);
    checkKeys(record, ['text', 'sentence'], field);
    const text = asText(record.text, `${field}.text`);
    const sentence = record.sentence === undefined ? text : asText(record.sentence, `${field}.sentence`);
    return parse(text, sentence, `${field}.text`);
  });
}

/**
 * Reads a benchmark's definition; its counts, rows and times are ignored. A `default` that names each
 * parameter is the configuration in use today.
 */
function readDefinition(record: Readonly<Record<string, unknown>>): SpaceFile {
  const parameters = shortList(record.params, 'params', 'parameters', LIMITS.parameters).map((entry, i) => {
    const field = `params[${i}]`;
    const given = asRecord(entry, field);
    return readParameter({ name: given.name, values: given.values }, field);
  });
  checkParameters(parameters);
  const names = parameters.map(({ name }) => name);
  const isOurs = hasKeys(record.default, names);
  return {
    ...nameOf(record),
    parameters,
    constraints: readConstraints(record.constraints, names),
    ...(isOurs ? defaultOf(record, parameters) : {}),
  };
}

function hasKeys(data: unknown, keys: readonly string[]): boolean {
  if (typeof data !== 'object' || data === null) return false;
  return Object.keys(data).length === keys.length && keys.every((key) => Object.hasOwn(data, key));
}

function nameOf(record: Readonly<Record<string, unknown>>): { name?: string } {
  return record.name === undefined ? {} : { name: asText(record.name, 'name') };
}

import { z } from 'zod';
import { nearestName } from '../../search-space/input-error.ts';

type Key = string | number;

/**
 * "contexts.value: got 1000000, expected at most 64": the fault of input from outside, on one line.
 * `whole` is the name of the input if the fault has no path.
 */
export function describeIssue(
  issue: z.core.$ZodIssue,
  json: unknown,
  schema: z.core.$ZodType,
  whole = 'the whole',
): string {
  const path = issue.path.map(keyOf);
  if (issue.code === 'unrecognized_keys') return unknownKey(issue.keys[0], path, schema);
  const nearest = issue.code === 'invalid_union' ? nearestTo(issue.errors) : undefined;
  if (nearest !== undefined)
    return describeIssue({ ...nearest, path: [...path, ...nearest.path] }, json, schema, whole);
  const field = path.length === 0 ? whole : path.join('.');
  const got = valueAt(json, path);
  if (got === undefined) return `${field}: is missing`;
  return `${field}: got ${shown(got)}, expected ${expectation(issue)}`;
}

/** The issue to tell. A misspelt field is both unknown and missing: that it is unknown says more. */
export function mainIssue(issues: readonly z.core.$ZodIssue[], json: unknown): z.core.$ZodIssue {
  const [first] = issues;
  const isMissing = first.path.length > 0 && valueAt(json, first.path.map(keyOf)) === undefined;
  const around = JSON.stringify(first.path.slice(0, -1).map(keyOf));
  const unknown = issues.find(
    ({ code, path }) => code === 'unrecognized_keys' && JSON.stringify(path.map(keyOf)) === around,
  );
  return isMissing ? (unknown ?? first) : first;
}

function keyOf(key: PropertyKey): Key {
  return typeof key === 'number' ? key : String(key);
}

/** The issues of the union member that parsed furthest, which is the likely intent. */
function nearestTo(forms: readonly (readonly z.core.$ZodIssue[])[]): z.core.$ZodIssue | undefined {
  const depth = (issue: z.core.$ZodIssue): number => issue.path.length;
  return forms.flat().sort((a, b) => depth(b) - depth(a))[0];
}

/** Options of `tune` that name files or programs, which a document cannot. */
const COMMAND_LINE_ONLY = new Set(['c', 'harness', 'cc', 'build', 'check', 'serve']);

function unknownKey(key: string, path: readonly Key[], schema: z.core.$ZodType): string {
  const near = nearestName(key, keysAt(schema, path));
  const field = [...path, key].join('.');
  if (COMMAND_LINE_ONLY.has(key)) return `${field}: only a command line can name files and programs`;
  return `${field}: unknown field${near === undefined ? '' : `, did you mean '${near}'?`}`;
}

function expectation(issue: z.core.$ZodIssue): string {
  if (issue.code === 'too_big') return `at most ${issue.maximum}${counted(issue.origin)}`;
  if (issue.code === 'too_small')
    return `${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}${counted(issue.origin)}`;
  if (issue.code === 'invalid_type') return TYPES[issue.expected] ?? issue.expected;
  if (issue.code === 'invalid_value') return `one of ${issue.values.map(String).join(', ')}`;
  return issue.message;
}

const TYPES: Readonly<Record<string, string>> = Object.freeze({
  int: 'a whole number',
  number: 'a number',
  object: 'an object in braces',
  string: 'text',
  array: 'a list',
  boolean: 'true or false',
});

function counted(origin: string): string {
  if (origin === 'array') return ' entries';
  return origin === 'string' ? ' characters' : '';
}

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length <= 40 ? text : `${text.slice(0, 39)}…`;
}

function valueAt(json: unknown, path: readonly Key[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null
        ? Object.entries(value).find(([own]) => own === String(key))?.[1]
        : undefined,
    json,
  );
}

/** The fields that a schema allows for the object at a path. */
function keysAt(schema: z.core.$ZodType, path: readonly Key[]): readonly string[] {
  if (schema instanceof z.ZodPipe) return keysAt(schema.in, path);
  if (
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodExactOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodReadonly
  )
    return keysAt(schema.unwrap(), path);
  const [key, ...rest] = path;
  if (schema instanceof z.ZodArray && key !== undefined) return keysAt(schema.element, rest);
  if (!(schema instanceof z.ZodObject)) return [];
  if (key === undefined) return Object.keys(schema.shape);
  const inner = schema.shape[key];
  return inner === undefined ? [] : keysAt(inner, rest);
}

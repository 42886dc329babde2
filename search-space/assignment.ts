import { InputError, knownHint } from './input-error.ts';
import type { Parameter, Value } from './parameter.ts';
import { shownList } from './parameters.ts';
import type { Restriction } from './restriction.ts';

/** Why a space has no parameter of a name; undefined where nothing is known of it. */
export type WhyLacking = (name: string) => string | undefined;

/**
 * 'threads=4' → the parameter's own value 4. Throws InputError, which names the field that the text stands in, for an
 * unknown parameter or value.
 */
export function parseAssignment(
  text: string,
  parameters: readonly Parameter[],
  field: string,
  whyLacking?: WhyLacking,
): Readonly<{ name: string; value: Value }> {
  const { name, right } = split(text, 'threads=4', field);
  const parameter = parameterNamed(name, parameters, field, whyLacking);
  return { name, value: knownValue(right, parameter, `${field}: ${name}`) };
}

/**
 * The words of `--fix threads=4` and `--values tile=4096,8192` by parameter; `permittedValues` turns them
 * into values of a space. Throws InputError for a text without '=' and for a parameter named twice.
 */
export function heldWords(
  fixes: readonly string[],
  choices: readonly string[],
): Readonly<Record<string, readonly string[]>> {
  const held = new Map<string, readonly string[]>();
  const hold = (name: string, words: readonly string[]): void => {
    if (held.has(name)) throw new InputError(name, 'is steered twice', 'name each parameter once');
    // As the key of a document it would be dropped without a word.
    if (name === '__proto__') throw new InputError(name, 'is no name of a parameter');
    held.set(name, words);
  };
  for (const { name, right } of fixes.map((text) => split(text, 'threads=4', '--fix')))
    hold(name, [right.trim()]);
  for (const { name, right } of choices.map((text) => split(text, 'tile=4096,8192', '--values')))
    hold(
      name,
      right.split(',').map((word) => word.trim()),
    );
  return Object.fromEntries(held);
}

/**
 * The values of each named parameter that a user listed: the parameter's own values, in its own order, each
 * once. Throws InputError for an unknown parameter or value.
 */
export function permittedValues(
  held: Readonly<Record<string, readonly Value[]>>,
  parameters: readonly Parameter[],
  whyLacking?: WhyLacking,
): Restriction['values'] {
  const permitted = Object.entries(held).map(([name, written]) => {
    const parameter = parameterNamed(name, parameters, 'values', whyLacking);
    const byWord = new Map(parameter.values.map((value) => [String(value), value]));
    const wanted = new Set(
      written.map(
        (value) => byWord.get(String(value)) ?? knownValue(String(value), parameter, `values: ${name}`),
      ),
    );
    return [name, parameter.values.filter((value) => wanted.has(value))] as const;
  });
  return Object.fromEntries(permitted);
}

function split(text: string, example: string, field: string): Readonly<{ name: string; right: string }> {
  const sign = text.indexOf('=');
  const name = text.slice(0, Math.max(0, sign)).trim();
  const lacks = sign < 0 ? "no '='" : name === '' ? "no parameter before '='" : undefined;
  if (lacks !== undefined) throw new InputError(field, `'${text}' has ${lacks}`, `write it like ${example}`);
  return { name, right: text.slice(sign + 1) };
}

function parameterNamed(
  name: string,
  parameters: readonly Parameter[],
  field: string,
  whyLacking?: WhyLacking,
): Parameter {
  const parameter = parameters.find((known) => known.name === name);
  if (parameter !== undefined) return parameter;
  const names = parameters.map((known) => known.name);
  throw new InputError(field, `unknown parameter '${name}'`, whyLacking?.(name) ?? knownHint(name, names));
}

/** Values are matched by their text, numbers by their value, so 4, 4.0 and 0x4 are equal. */
function knownValue(word: string, { values }: Parameter, field: string): Value {
  const text = word.trim();
  const exact = values.find((value) => String(value) === text);
  const match =
    exact ?? values.find((value) => typeof value === 'number' && text !== '' && value === Number(text));
  if (match !== undefined) return match;
  throw new InputError(field, `cannot be '${text}'`, `one of ${shownList(values)}`);
}

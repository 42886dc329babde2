import { InputError, unknownName } from './input-error.ts';
import type { Parameter, Value } from './parameter.ts';
import { shown } from './parameters.ts';
import type { Restriction } from './restriction.ts';

/** 'threads=4' → the parameter's own value 4. Throws InputError for an unknown parameter or value. */
export function parseAssignment(
  text: string,
  parameters: readonly Parameter[],
): Readonly<{ name: string; value: Value }> {
  const { parameter, right } = split(text, parameters, 'threads=4');
  return { name: parameter.name, value: knownValue(right, parameter) };
}

/** 'tile=4096,8192' → those values of the parameter, in its own order, each once. */
export function parseValues(
  text: string,
  parameters: readonly Parameter[],
): Readonly<{ name: string; values: readonly Value[] }> {
  const { parameter, right } = split(text, parameters, 'tile=4096,8192');
  const wanted = right.split(',').map((word) => knownValue(word, parameter));
  return { name: parameter.name, values: parameter.values.filter((value) => wanted.includes(value)) };
}

/**
 * The restriction that `--fix threads=4` and `--values tile=4096,8192` ask for together.
 * A parameter that is named twice is refused.
 */
export function steering(
  fixes: readonly string[],
  choices: readonly string[],
  parameters: readonly Parameter[],
): Restriction {
  const values: Record<string, readonly Value[]> = {};
  const fixed = fixes.map((text) => {
    const { name, value } = parseAssignment(text, parameters);
    return { name, values: [value] };
  });
  for (const { name, values: allowed } of [
    ...fixed,
    ...choices.map((text) => parseValues(text, parameters)),
  ]) {
    if (Object.hasOwn(values, name))
      throw new InputError(name, 'is steered twice', 'name each parameter once');
    values[name] = allowed;
  }
  return { values };
}

function split(
  text: string,
  parameters: readonly Parameter[],
  example: string,
): { parameter: Parameter; right: string } {
  const sign = text.indexOf('=');
  if (sign < 0) throw new InputError('parameter', `'${text}' has no '='`, `write it like ${example}`);
  const name = text.slice(0, sign).trim();
  const parameter = parameters.find((known) => known.name === name);
  if (parameter === undefined) {
    const known = parameters.map((known) => known.name);
    throw unknownName('parameter', name, known);
  }
  return { parameter, right: text.slice(sign + 1) };
}

/** Values are matched by their text, numbers by their value, so 4, 4.0 and 0x4 are one. */
function knownValue(word: string, { name, values }: Parameter): Value {
  const text = word.trim();
  const exact = values.find((value) => String(value) === text);
  const match =
    exact ?? values.find((value) => typeof value === 'number' && text !== '' && value === Number(text));
  if (match !== undefined) return match;
  throw new InputError(name, `cannot be '${text}'`, `one of ${values.map(shown).join(', ')}`);
}

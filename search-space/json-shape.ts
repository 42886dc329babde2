import { InputError, unknownName } from './input-error.ts';

/** Checks that data from outside is an object; throws InputError that names the field. */
export function asRecord(data: unknown, field: string): Readonly<Record<string, unknown>> {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    throw new InputError(field, `must be an object, got ${described(data)}`);
  }
  return Object.fromEntries(Object.entries(data));
}

export function asList(data: unknown, field: string): readonly unknown[] {
  if (!Array.isArray(data)) throw new InputError(field, `must be a list, got ${described(data)}`);
  return data;
}

export function asText(data: unknown, field: string): string {
  if (typeof data !== 'string') throw new InputError(field, `must be a text, got ${described(data)}`);
  return data;
}

/** Checks that data is one of the choices; throws InputError that names the field. */
export function asOneOf<Choice extends string>(
  data: unknown,
  choices: readonly Choice[],
  field: string,
): Choice {
  const found = choices.find((choice) => choice === data);
  if (found === undefined)
    throw new InputError(field, `must be one of ${choices.join(', ')}, got ${described(data)}`);
  return found;
}

/** Throws InputError for an unknown key, with the nearest known one. */
export function checkKeys(
  record: Readonly<Record<string, unknown>>,
  known: readonly string[],
  field: string,
) {
  const unknown = Object.keys(record).find((key) => !known.includes(key));
  if (unknown === undefined) return;
  const { message } = unknownName('key', unknown, known);
  throw new InputError(field, `has an ${message.slice('key: '.length)}`);
}

export function described(data: unknown): string {
  if (data === undefined) return 'nothing';
  const text = JSON.stringify(data);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

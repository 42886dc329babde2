import type { Configuration, Value } from '../../search-space/parameter.ts';

/** Looking at JSON whose shape nobody has checked. */

type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(data: unknown): data is JsonObject {
  return typeof data === 'object' && data !== null && !Array.isArray(data);
}

/** The object that something is; an empty one where it is none. */
export function objectOr(data: unknown): JsonObject {
  return isObject(data) ? data : {};
}

export function listOr(data: unknown): readonly unknown[] {
  return Array.isArray(data) ? data : [];
}

export function isValue(data: unknown): data is Value {
  return (
    typeof data === 'string' ||
    typeof data === 'boolean' ||
    (typeof data === 'number' && Number.isFinite(data) && !isInexact(data))
  );
}

/** JavaScript reads several whole numbers from 2^53 on as the same one. */
function isInexact(data: unknown): boolean {
  return Number.isInteger(data) && !Number.isSafeInteger(data);
}

/** What is there instead of a value that `isValue` takes, for a message. */
export function insteadOfValue(data: unknown): string {
  return isInexact(data) ? 'a whole number from 2^53 on, which cannot be read exactly' : excerpt(data);
}

/** The same for `isConfiguration`. */
export function insteadOfConfiguration(data: unknown): string {
  const [name, value] = Object.entries(objectOr(data)).find(([, one]) => isInexact(one)) ?? [];
  return name === undefined ? excerpt(data) : `${name} is ${insteadOfValue(value)}`;
}

/** Whether something is one value a parameter, for one parameter at least. */
export function isConfiguration(data: unknown): data is Configuration {
  if (!isObject(data)) return false;
  const values = Object.values(data);
  return values.length > 0 && values.every(isValue);
}

/** A piece of what was found, for a message. */
export function excerpt(data: unknown): string {
  const text = JSON.stringify(data) ?? 'nothing';
  return text.length <= 60 ? text : `${text.slice(0, 59)}…`;
}

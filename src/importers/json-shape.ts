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
    (typeof data === 'number' && Number.isFinite(data))
  );
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

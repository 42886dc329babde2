import { visibleJson } from './json.ts';

/** A Python string literal: JSON's escapes are valid in Python. */
export function pythonText(text: string): string {
  return visibleJson(JSON.stringify(text));
}

/** A Python literal: True, 4096, "dma". */
export function pythonValue(value: number | string | boolean): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return typeof value === 'number' ? String(value) : pythonText(value);
}

import { visibleJson } from './json.ts';

/** A text in Python's quotes: JSON's escapes are Python's too. */
export function pythonText(text: string): string {
  return visibleJson(JSON.stringify(text));
}

/** True, 4096, "dma": a value, or a text or truth value of a keyword. */
export function pythonValue(value: number | string | boolean): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return typeof value === 'number' ? String(value) : pythonText(value);
}

import { InputError } from './input-error.ts';

/** Ten times the nesting of usual files, and safe for recursive readers. */
const DEEPEST = 200;

/**
 * Throws InputError for data from outside that is nested so deeply that a reader would run out of stack, or
 * that contains itself (a YAML alias can). Checks one level after the other, without recursion.
 */
export function checkNesting(data: unknown, field: string): void {
  let level = new Set(partsOf(data));
  for (let depth = 0; level.size > 0; depth++) {
    if (depth > DEEPEST) throw tooDeep(field);
    const next = new Set<object>();
    for (const part of level)
      for (const value of Object.values(part)) for (const one of partsOf(value)) next.add(one);
    level = next;
  }
}

export function tooDeep(field: string): InputError {
  return new InputError(field, `is nested more than ${DEEPEST} deep, or contains itself`, 'make it flatter');
}

function partsOf(value: unknown): readonly object[] {
  return typeof value === 'object' && value !== null ? [value] : [];
}

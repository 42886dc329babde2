import { InputError } from './input-error.ts';

/** What a person or a program of ours writes has a tenth of it; readers that follow the nesting have room. */
const DEEPEST = 200;

/**
 * Throws InputError for data from outside that is nested so deeply that a reader would run out of stack, or
 * that contains itself (a YAML alias can). Looks at one level after the other, so it needs no stack itself.
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

import { InputError } from './input-error.ts';

/** The most of each thing that a space is read with. docs/spaces.md lists them. */
export const LIMITS = Object.freeze({
  parameters: 1000,
  valuesOfParameter: 100_000,
  valuesInAll: 1_000_000,
  constraints: 2000,
  /** Characters. */
  name: 200,
  textValue: 10_000,
  /** Characters of one constraint, condition or sentence; of all constraints together. */
  constraint: 10_000,
  /** Operands of one sum, product, `and`, `or`, chain of comparisons, min or max: readers follow them one by one. */
  operands: 500,
  constraintsInAll: 200_000,
  /** Characters of values that are written as a text, and of all texts that it makes. */
  valuesText: 2_000_000,
});

/** Throws InputError that names the limit where there are more than that: "are 1,001 parameters; at most 1,000 are read". */
export function checkLimit(field: string, what: string, count: number, most: number, hint?: string): void {
  if (count <= most) return;
  throw new InputError(field, `has ${counted(count)} ${what}; at most ${counted(most)} are read`, hint);
}

function counted(count: number): string {
  return count.toLocaleString('en');
}

import { InputError } from '../../../search-space/input-error.ts';

/** Where something stands in a TTIR text; lines and columns count from 1. */
export type Place = Readonly<{ line: number; column: number }>;

/** The error for TTIR we cannot take: `file:line:column`, the problem, what is supported. */
export function refusal(file: string, place: Place, problem: string, hint?: string): InputError {
  return new InputError(`${file}:${place.line}:${place.column}`, problem, hint);
}

import { InputError } from '../../search-space/input-error.ts';
import type { DType } from './ir.ts';

/** Throws InputError for a condition of another dtype than bool; none at all passes. */
export function requireBool(place: string, condition: Readonly<{ dtype: DType }> | undefined): void {
  if (condition !== undefined && condition.dtype !== 'bool') {
    throw new InputError(place, `a condition must be bool, got ${condition.dtype}`);
  }
}

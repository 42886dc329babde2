import { isFloat } from '../arithmetic.ts';
import type { DType } from '../ir.ts';

/** What an op means on a dtype; undefined where it has no meaning of its own there. */
export function meaningOn<Meaning>(
  { float, integer, truth }: Readonly<{ float?: Meaning; integer?: Meaning; truth?: Meaning }>,
  dtype: DType,
): Meaning | undefined {
  if (isFloat(dtype)) return float;
  return dtype === 'bool' ? truth : integer;
}

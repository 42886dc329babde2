import type { DType } from './ir.ts';

/** The nearest value of a float dtype, ties to even. Integers and f64 are returned unchanged. */
export function roundTo(dtype: DType, x: number): number {
  switch (dtype) {
    case 'f32':
      return Math.fround(x);
    case 'f16':
      return roundBinary(x, 10, -14, 65504);
    case 'bf16':
      return roundBinary(x, 7, -126, 3.3895313892515355e38);
    default:
      return x;
  }
}

/** Rounds to `bits` of fraction with exponents from `least` up; beyond `greatest` is infinite. */
function roundBinary(x: number, bits: number, least: number, greatest: number): number {
  if (x === 0 || !Number.isFinite(x)) return x;
  const size = Math.abs(x);
  const quantum = 2 ** (Math.max(least, Math.floor(Math.log2(size))) - bits);
  // Adding and taking away 2^52 rounds a float64 to a whole number, ties to even.
  const rounded = (size / quantum + 2 ** 52 - 2 ** 52) * quantum;
  const limited = rounded > greatest ? Number.POSITIVE_INFINITY : rounded;
  return x < 0 ? -limited : limited;
}

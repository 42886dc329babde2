import type { DType } from './ir.ts';

/** The nearest value that the dtype has, ties to even; integers and f64 stay as they are. */
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
  const exponent = Math.max(least, Math.floor(Math.log2(Math.abs(x))));
  const quantum = 2 ** (exponent - bits);
  // Adding and taking away 1.5 · 2^52 rounds a float64 to a whole number, ties to even.
  const whole = x / quantum + 6755399441055744 - 6755399441055744;
  const rounded = whole * quantum;
  return Math.abs(rounded) > greatest ? Math.sign(x) * Number.POSITIVE_INFINITY : rounded;
}

/**
 * The error function in float64, to a few units in the last place.
 * Rational Chebyshev approximations of W. J. Cody, "Rational Chebyshev approximations for the
 * error function", Math. Comp. 23 (1969) 631-637, with the coefficients of his CALERF (SPECFUN).
 */
export function erf(x: number): number {
  const size = Math.abs(x);
  if (Number.isNaN(x)) return x;
  if (size <= 0.46875) return x * small(size * size);
  if (size >= 6) return Math.sign(x);
  const tail = gaussian(size) * (size <= 4 ? middle(size) : large(size));
  const value = 0.5 - tail + 0.5;
  return x < 0 ? -value : value;
}

const A = [3.1611237438705655, 113.86415415105016, 377.485237685302, 3209.3775891384694] as const;
const A_LEAD = 0.18577770618460315;
const B = [23.601290952344122, 244.02463793444417, 1282.6165260773723, 2844.236833439171] as const;
const C = [
  0.5641884969886701, 8.883149794388377, 66.11919063714163, 298.6351381974001, 881.952221241769,
  1712.0476126340707, 2051.0783778260716, 1230.3393547979972,
] as const;
const C_LEAD = 2.1531153547440383e-8;
const D = [
  15.744926110709835, 117.6939508913125, 537.1811018620099, 1621.3895745666903, 3290.7992357334597,
  4362.619090143247, 3439.3676741437216, 1230.3393548037495,
] as const;
const P = [
  0.30532663496123236, 0.36034489994980445, 0.12578172611122926, 0.016083785148742275, 0.0006587491615298378,
] as const;
const P_LEAD = 0.016315387137302097;
const Q = [
  2.568520192289822, 1.8729528499234604, 0.5279051029514285, 0.06051834131244132, 0.0023352049762686918,
] as const;
const INVERSE_SQRT_PI = 0.5641895835477563;

/** erf(x) / x for |x| ≤ 0.46875. */
function small(square: number): number {
  return quotient(square, A_LEAD, A, B);
}

/** exp(x²) · erfc(x) for 0.46875 ≤ x ≤ 4. */
function middle(x: number): number {
  return quotient(x, C_LEAD, C, D);
}

/** exp(x²) · erfc(x) for x ≥ 4. */
function large(x: number): number {
  const inverse = 1 / (x * x);
  return (INVERSE_SQRT_PI - inverse * quotient(inverse, P_LEAD, P, Q)) / x;
}

/** exp(−x²) without the rounding error of x². */
function gaussian(x: number): number {
  const coarse = Math.trunc(x * 16) / 16;
  return Math.exp(-coarse * coarse) * Math.exp(-(x - coarse) * (x + coarse));
}

/** (lead·x^n + …) / (x^n + …), Cody's order of coefficients. */
function quotient(x: number, lead: number, above: readonly number[], below: readonly number[]): number {
  const last = above.length - 1;
  let numerator = lead * x;
  let denominator = x;
  for (let i = 0; i < last; i++) {
    numerator = (numerator + above[i]) * x;
    denominator = (denominator + below[i]) * x;
  }
  return (numerator + above[last]) / (denominator + below[last]);
}

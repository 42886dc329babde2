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

const A = [3.1611237438705656, 113.864154151050156, 377.485237685302021, 3209.37758913846947] as const;
const A_LEAD = 0.185777706184603153;
const B = [23.6012909523441209, 244.024637934444173, 1282.61652607737228, 2844.23683343917062] as const;
const C = [
  0.564188496988670089, 8.88314979438837594, 66.1191906371416295, 298.635138197400131, 881.95222124176909,
  1712.04761263407058, 2051.07837782607147, 1230.33935479799725,
] as const;
const C_LEAD = 2.15311535474403846e-8;
const D = [
  15.7449261107098347, 117.693950891312499, 537.181101862009858, 1621.38957456669019, 3290.79923573345963,
  4362.61909014324716, 3439.36767414372164, 1230.33935480374942,
] as const;
const P = [
  0.305326634961232344, 0.360344899949804439, 0.125781726111229246, 0.0160837851487422766,
  6.58749161529837803e-4,
] as const;
const P_LEAD = 0.0163153871373020978;
const Q = [
  2.56852019228982242, 1.87295284992346047, 0.527905102951428412, 0.0605183413124413191,
  0.00233520497626869185,
] as const;
const INVERSE_SQRT_PI = 0.56418958354775628695;

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

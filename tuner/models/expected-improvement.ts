/**
 * By how much a normal quantity is expected to fall below `best` (Jones, Schonlau, Welch 1998).
 * In the unit of its arguments; `sd` must be positive.
 */
export function expectedImprovement(best: number, mean: number, sd: number): number {
  const z = (best - mean) / sd;
  return sd * (z * normalBelow(z) + Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI));
}

/** P(standard normal < z), to 1.5e-7 (Abramowitz and Stegun 1964, formula 7.1.26). */
export function normalBelow(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const series =
    ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  const tail = (series * Math.exp(-x * x)) / 2;
  return z < 0 ? tail : 1 - tail;
}

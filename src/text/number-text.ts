/** 1,048,576: a whole number in groups of three. */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** At least three digits: "132,479", "12.9", "3.21", "0.00285". */
export function formatDecimals(value: number): string {
  return inDigits(value, 0);
}

/** Of `more` digits than `formatDecimals`. */
function inDigits(value: number, more: 0 | 1): string {
  if (!Number.isFinite(value)) return '–';
  if (value > 0 && value < 0.0995) return value.toPrecision(3 + more);
  if (Math.abs(value) >= 99.95) return more === 0 ? formatCount(Math.round(value)) : value.toFixed(more);
  return value.toFixed((Math.abs(value) >= 9.995 ? 1 : 2) + more);
}

/** "[1.28, 1.35]", with one more digit where both ends would read the same and differ: "[1.766, 1.774]". */
export function formatEnds(low: number, high: number): string {
  const more = low !== high && formatDecimals(low) === formatDecimals(high) ? 1 : 0;
  return `[${inDigits(low, more)}, ${inDigits(high, more)}]`;
}

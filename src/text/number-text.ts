/** 1,048,576: a whole number in groups of three. */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** At least three digits: "132,479", "12.9", "3.21", "0.00285". */
export function formatDecimals(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (value > 0 && value < 0.0995) return value.toPrecision(3);
  if (Math.abs(value) >= 99.95) return formatCount(Math.round(value));
  return value.toFixed(Math.abs(value) >= 9.995 ? 1 : 2);
}

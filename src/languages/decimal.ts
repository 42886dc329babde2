/** All digits of a whole number of at most 64 bits, and the shortest that mean any other one. */
export function decimal(value: number): string {
  return isLongLong(value) ? String(BigInt(value)) : String(value);
}

/** Whether C's `long long` holds it. */
export function isLongLong(value: number): boolean {
  return Number.isInteger(value) && Math.abs(value) < 2 ** 63;
}

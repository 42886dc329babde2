/** All digits of an integer that `long long` holds; the shortest digits that identify any other number. */
export function decimal(value: number): string {
  return isLongLong(value) ? String(BigInt(value)) : String(value);
}

/** Whether C's `long long` holds the value. */
export function isLongLong(value: number): boolean {
  return Number.isInteger(value) && Math.abs(value) < 2 ** 63;
}

/** Freezes plain data at every depth, in place, and returns it. */
export function deepFreeze<T>(data: T): T {
  if (typeof data === 'object' && data !== null && !Object.isFrozen(data)) {
    for (const part of Object.values(data)) deepFreeze(part);
    Object.freeze(data);
  }
  return data;
}

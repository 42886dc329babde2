import type { MemoryLevel, SimulatedTarget } from '../machine/schema.ts';

/** Bytes that travel together between memory and cache. */
export const LINE_BYTES = 128;

/** The share of a cache that holds a kernel's data; code, stacks and page tables take the rest. */
const USABLE = 0.98;
/** A cyclic sweep misses everywhere once it exceeds the usable cache by this share (sets fill unevenly). */
const FADE = 0.3;

/** The share of a cyclic sweep over `bytes` that misses a cache of `capacity` bytes (null: unlimited). */
export function missShare(bytes: number, capacity: number | null): number {
  if (capacity === null) return 0;
  return Math.min(1, Math.max(0, (bytes / capacity - USABLE) / FADE));
}

/**
 * The share of each memory level in serving the first touch of each byte of a call: warm data comes from
 * the nearest level that still holds it, cold data from the outermost.
 */
export function homeShares(
  footprint: number,
  levels: readonly MemoryLevel[],
  residency: SimulatedTarget['measurement']['residency'],
): number[] {
  const cold = residency === 'cold' ? 1 : residency === 'warm' ? 0 : 0.1;
  const shares: number[] = [];
  let missing = 1;
  for (const { bytes } of levels) {
    const missed = missing * missShare(footprint, bytes);
    shares.push((missing - missed) * (1 - cold));
    missing = missed;
  }
  shares[shares.length - 1] += missing * (1 - cold) + cold;
  return shares;
}

/** µs that a byte takes when it comes from the levels in these shares; `rate` gives each level's GB/s. */
export function usPerByte(shares: readonly number[], rate: (level: number) => number): number {
  let ns = 0;
  for (let level = 0; level < shares.length; level++)
    if (shares[level] > 0) ns += shares[level] / rate(level);
  return ns / 1000;
}

/** GB/s of one of `users` threads that read a level directly. */
export function directRate(level: MemoryLevel, users: number): number {
  return Math.min(level.perThreadGBs, level.totalGBs / users);
}

import type { Level, SimulatedTarget } from '../machine/schema.ts';

/** Bytes that travel together between memory and cache. */
export const LINE_BYTES = 128;

/** Of a cache's bytes, what a kernel's data can have; code, stacks and page tables take the rest. */
const USABLE = 0.98;
/** A cyclic sweep over more than fits loses everything by this much more (sets fill unevenly). */
const FADE = 0.3;

/** The share of a sweep over `bytes` that a cache of `capacity` has lost when it comes around again. */
export function missShare(bytes: number, capacity: number | null): number {
  if (capacity === null) return 0;
  return Math.min(1, Math.max(0, (bytes / capacity - USABLE) / FADE));
}

/**
 * From which level the first touch of each byte of a call is served: warm data from the nearest
 * level that still holds it, cold data from the outermost.
 */
export function homeShares(
  footprint: number,
  levels: readonly Level[],
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

/** µs that a byte takes from levels in these shares, where `rate` says GB/s of each. */
export function usPerByte(shares: readonly number[], rate: (level: number) => number): number {
  let ns = 0;
  for (let level = 0; level < shares.length; level++)
    if (shares[level] > 0) ns += shares[level] / rate(level);
  return ns / 1000;
}

/** GB/s of one of `users` threads that read a level directly. */
export function directRate(level: Level, users: number): number {
  return Math.min(level.perThreadGBs, level.totalGBs / users);
}

import type { Level } from '../../machine/schema.ts';
import type { Geometry } from '../geometry.ts';
import { directRate, missShare } from '../residency.ts';
import { passTraffic, rowFootprint } from '../traffic.ts';

/**
 * Which share of a sweep over `bytes` each level serves when it comes round again and `users` cores
 * share the sweep: a cache of each core's own has to hold only its part.
 */
export function servedBy(levels: readonly Level[], bytes: number, users: number): readonly number[] {
  let missing = 1;
  return levels.map((level, place) => {
    const missed = missing * missShare(level.perCore ? bytes / users : bytes, level.bytes);
    const served = place === levels.length - 1 ? missing : missing - missed;
    missing = missed;
    return served;
  });
}

/** µs that one of `users` cores waits for `bytes` that come from levels in these shares. */
export function streamUs(
  levels: readonly Level[],
  shares: readonly number[],
  bytes: number,
  users: number,
): number {
  const ns = levels.reduce((sum, level, place) => sum + shares[place] / directRate(level, users), 0);
  return (bytes * ns) / 1000;
}

/** Bytes that a whole call asks of each level beyond the core's loads and stores of what it holds. */
export function trafficOf(
  { nest }: Geometry,
  levels: readonly Level[],
): Readonly<{ first: number; again: readonly number[] }> {
  const row = rowFootprint(nest.passes, nest.shared, nest.extents);
  const passes = nest.passes.map((pass) => passTraffic(pass, nest.extents, levels, 1, 0, row));
  return {
    first: passes.reduce((sum, { first }) => sum + first, 0),
    again: levels.map((_, place) => passes.reduce((sum, { again }) => sum + again[place], 0)),
  };
}

import type { Extents, LoopNest, NestAccess } from '../../../lowering/lowered-kernel.ts';
import { accessedElements } from '../../../lowering/tiles.ts';
import type { MemoryLevel } from '../machine/schema.ts';
import { LINE_BYTES, missShare } from './residency.ts';

/**
 * Bytes that a nest asks of the memory levels when operands are used where they lie: `first` for the
 * first touch of each byte, which comes from wherever the data is, and `again` for each level.
 */
type Traffic = Readonly<{ first: number; again: readonly number[] }>;

/**
 * The traffic of a nest over `extents`, on one of `sharers` threads that share the caches. For each
 * access the loops are walked from the inside out. A loop that moves the access brings new lines; one
 * that does not (or stays within a line) finds them again, unless the iteration in between has touched
 * more than the cache holds. `bodyBytes` are what the bodies load and store, `rowBytes` what one
 * iteration of the shared loops touches.
 */
export function nestTraffic(
  nest: LoopNest,
  extents: Extents,
  levels: readonly MemoryLevel[],
  sharers: number,
  bodyBytes: number,
  rowBytes: number,
): Traffic {
  const sets = workingSets(nest, extents);
  let first = 0;
  const missed = levels.map(() => 0);
  for (const access of nest.accesses) {
    const lines = sweep(access, nest, extents, sets, null);
    const unique = access.overlaps ? distinctBytes(access, lines, extents) : lines;
    first += access.again ? 0 : unique;
    for (let l = 0; l < levels.length; l++) {
      const capacity = capacityFor(levels[l], sharers);
      const swept = capacity === null ? lines : sweep(access, nest, extents, sets, capacity);
      const returning = access.again ? unique * missShare(rowBytes, capacity) : 0;
      missed[l] += swept - lines + returning;
    }
  }
  // What misses one level is asked of the next.
  const again = levels.map((_, l) =>
    Math.max(0, (l === 0 ? Math.max(bodyBytes - first, missed[0]) : missed[l - 1]) - missed[l]),
  );
  return { first, again };
}

/** A cache that several threads share is divided among them. */
function capacityFor(level: MemoryLevel, sharers: number): number | null {
  return level.bytes === null ? null : level.bytes / sharers;
}

/** Bytes that one iteration of each loop touches, the outermost first; [0] is the whole nest. */
function workingSets(nest: LoopNest, extents: Extents): number[] {
  const sets = new Array<number>(nest.loops.length + 1).fill(0);
  for (const access of nest.accesses) {
    let bytes = LINE_BYTES;
    sets[nest.loops.length] += bytes;
    for (let depth = nest.loops.length - 1; depth >= 0; depth--) {
      bytes *= newLines(access, nest.loops[depth], extents);
      sets[depth] += bytes;
    }
  }
  return sets;
}

/** Bytes in lines that an access touches, each counted once, given those without regard to overlaps. */
function distinctBytes(access: NestAccess, lines: number, extents: Extents): number {
  const elements = accessedElements(access, extents);
  let points = 1;
  for (const loop in access.strides) if (access.strides[loop] !== 0) points *= extents[loop];
  return Math.max(elements * access.elementBytes, (lines * elements) / points);
}

/** The factor by which a loop increases the lines that an access touches. */
function newLines(access: NestAccess, loop: string, extents: Extents): number {
  const step = (Math.abs(access.strides[loop] ?? 0) * access.elementBytes) / LINE_BYTES;
  return Math.max(1, extents[loop] * Math.min(1, step));
}

/** Bytes that a cold cache of `capacity` (null: unlimited) loads for an access while the nest runs. */
function sweep(
  access: NestAccess,
  nest: LoopNest,
  extents: Extents,
  sets: readonly number[],
  capacity: number | null,
): number {
  let bytes = LINE_BYTES;
  for (let depth = nest.loops.length - 1; depth >= 0; depth--) {
    const fresh = newLines(access, nest.loops[depth], extents);
    const repeats = extents[nest.loops[depth]] - fresh;
    bytes *= fresh + Math.max(0, repeats) * (capacity === null ? 0 : missShare(sets[depth + 1], capacity));
  }
  return bytes;
}

/** Bytes that one iteration of the shared loops touches in all nests: what a cache must hold for later nests to find it. */
export function rowFootprint(
  nests: readonly LoopNest[],
  shared: readonly string[],
  extents: Extents,
): number {
  let total = 0;
  for (const nest of nests) {
    for (const access of nest.accesses) {
      if (access.again) continue;
      let bytes = LINE_BYTES;
      for (const loop of nest.loops) if (!shared.includes(loop)) bytes *= newLines(access, loop, extents);
      total += bytes;
    }
  }
  return total;
}

import type { Level } from '../machine/schema.ts';
import type { Access, Pass } from './nest.ts';
import { LINE_BYTES, missShare } from './residency.ts';

export type Extents = Readonly<Record<string, number>>;

/**
 * Bytes that a pass over `extents` asks of each level when operands are used where they lie; the
 * first touch of each byte is counted apart, as `first` (it comes from wherever the data live).
 *
 * For each access the loops are walked from the inside: a loop that moves it brings new lines, a
 * loop that does not (or that stays within a line) finds them again unless the iteration in between
 * has swept more than the cache holds.
 */
export type Traffic = Readonly<{ first: number; again: readonly number[] }>;

export function passTraffic(
  pass: Pass,
  extents: Extents,
  levels: readonly Level[],
  sharers: number,
  bodyBytes: number,
  rowBytes: number,
): Traffic {
  const sets = workingSets(pass, extents);
  let first = 0;
  const missed = levels.map(() => 0);
  for (const access of pass.accesses) {
    const unique = sweep(access, pass, extents, sets, null);
    first += access.again ? 0 : unique;
    for (let l = 0; l < levels.length; l++) {
      const capacity = capacityFor(levels[l], sharers);
      const swept = capacity === null ? unique : sweep(access, pass, extents, sets, capacity);
      const returning = access.again ? unique * missShare(rowBytes, capacity) : 0;
      missed[l] += swept - unique + returning;
    }
  }
  // What misses one level is asked of the next.
  const again = levels.map((_, l) =>
    Math.max(0, (l === 0 ? Math.max(bodyBytes - first, missed[0]) : missed[l - 1]) - missed[l]),
  );
  return { first, again };
}

/** A cache that several threads share is divided among them. */
function capacityFor(level: Level, sharers: number): number | null {
  return level.bytes === null ? null : level.bytes / sharers;
}

/** Bytes that one iteration of each loop's body touches; [0] is the whole pass. */
function workingSets(pass: Pass, extents: Extents): number[] {
  const sets = new Array<number>(pass.loops.length + 1).fill(0);
  for (const access of pass.accesses) {
    let bytes = LINE_BYTES;
    sets[pass.loops.length] += bytes;
    for (let depth = pass.loops.length - 1; depth >= 0; depth--) {
      bytes *= newLines(access, pass.loops[depth], extents);
      sets[depth] += bytes;
    }
  }
  return sets;
}

/** How many times more lines an access touches because of a loop. */
function newLines(access: Access, loop: string, extents: Extents): number {
  const step = (Math.abs(access.strides[loop] ?? 0) * access.elementBytes) / LINE_BYTES;
  return Math.max(1, extents[loop] * Math.min(1, step));
}

/** Bytes brought by a cold cache of `capacity` (null: endless) while the whole pass runs. */
function sweep(
  access: Access,
  pass: Pass,
  extents: Extents,
  sets: readonly number[],
  capacity: number | null,
): number {
  let bytes = LINE_BYTES;
  for (let depth = pass.loops.length - 1; depth >= 0; depth--) {
    const fresh = newLines(access, pass.loops[depth], extents);
    const repeats = extents[pass.loops[depth]] - fresh;
    bytes *= fresh + Math.max(0, repeats) * (capacity === null ? 0 : missShare(sets[depth + 1], capacity));
  }
  return bytes;
}

/** Bytes one iteration of the shared loops touches over all passes: what must stay to be found again. */
export function rowFootprint(passes: readonly Pass[], shared: readonly string[], extents: Extents): number {
  let total = 0;
  for (const pass of passes) {
    for (const access of pass.accesses) {
      if (access.again) continue;
      let bytes = LINE_BYTES;
      for (const loop of pass.loops) if (!shared.includes(loop)) bytes *= newLines(access, loop, extents);
      total += bytes;
    }
  }
  return total;
}

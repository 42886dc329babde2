import type { MapStage, NestAccess } from './lowered-kernel.ts';

/** A map, and who uses it. */
export type MapUse = Readonly<{
  map: MapStage;
  /** Reductions and stores that need its value, directly or through other maps. */
  users: number;
  /** Whether it has loops besides the shared ones. */
  hasOwnLoops: boolean;
}>;

/**
 * What a kind of target decides about loops. The lowering asks and plans; no other code of a target plans
 * loops. A decision that no kind makes differently has no entry here.
 */
export type LoweringPolicy = Readonly<{
  /** Multiply four neighbouring bytes and add the products as one step of a contraction. */
  fusesByteDots: boolean;
  /** Merge neighbouring loops that every access walks as one. */
  collapsesLoops: boolean;
  /** A map that is so cheap that it is written out in each of its uses, as if it had no name. */
  isWrittenOut: (map: MapStage) => boolean;
  /** A map that is computed in a nest and kept for later ones; others are computed where they are used. */
  isKept: (use: MapUse) => boolean;
  /** Stages without which a loop may be shared: a map that lacks it is computed again in each iteration. */
  sharesAround: 'all stages' | 'reductions and stores';
  /**
   * Which stages share a nest: all with the same loops and the same number of reductions before them, or
   * neighbours that walk the same loops and do not wait for each other.
   */
  fusion: 'by level' | 'neighbours';
  /** The order of loops in a nest: as the kernel declares them, or those reduced over innermost. */
  loopOrder: 'declared' | 'reductions innermost';
  lanes: LanePolicy;
  /** Where copies of a contraction's body run: along its rows, where they share loads, or along the lanes as others do. */
  interleaves: 'rows of a contraction' | 'lanes';
  temporaries: TemporaryPolicy;
  /** Whether a matrix product is tiled in panels that are packed. */
  packsContractions: boolean;
  /** What is staged: a tile of any shape along several loops, or stretches of memory along one. */
  tiles: 'boxes' | 'stretches';
}>;

/** How the loop is chosen that lanes run along: the one with the highest score, the innermost of several. */
type LanePolicy = Readonly<{
  /** Bytes of a lane: those of the narrowest element along the loop, or always so many. */
  bytes: 'narrowest element' | number;
  /** What an access scores that moves by `stride` elements from lane to lane. */
  score: (stride: number, role: NestAccess['role']) => number;
  /**
   * The accesses that are scored: those that the nest makes, each once; or all that its values come from,
   * as often as they are written.
   */
  scored: 'accesses of the nest' | 'accesses behind its values';
  /** Whether lanes may run along a shared loop, in all nests, where that scores higher. */
  mayRunAcross: boolean;
}>;

type TemporaryPolicy = Readonly<{
  /** Which values need memory: those that another nest reads, or all that have loops of their own. */
  which: 'read by another nest' | 'all with loops of their own';
  place: 'memory' | 'scratch';
  /** Values of so many neighbouring lanes are kept beside each other where lanes run across nests. */
  lanes: number;
}>;

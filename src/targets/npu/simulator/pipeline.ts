import { PipelineRun } from './pipeline-run.ts';

/** What one tile asks of its thread and of the transfers. */
export type TileCost = Readonly<{
  loadBytes: number;
  loadDescriptors: number;
  storeBytes: number;
  storeDescriptors: number;
  computeUs: number;
}>;

/** So many tiles alike. */
export type TileClass = TileCost & Readonly<{ count: number }>;

/** How tiles travel. `usPerByte` is what a byte costs when so many users share the path. */
export type Transfers = Readonly<{
  kind: 'copy' | 'dma';
  usPerByte: (users: number) => number;
  /** Taken up by each descriptor before its bytes move; 0 for a copying core. */
  setupUs: number;
  queues: number;
  queueDepth: number;
  buffers: number;
  waitForWriteBack: boolean;
}>;

/** What one thread did with its time, in µs. */
export type ThreadTime = Readonly<{ end: number; compute: number; memory: number; dma: number }>;

/** Something that took time on a thread or a queue. */
export type PipelineEvent = Readonly<{
  track: 'thread' | 'queue';
  index: number;
  thread: number;
  what: 'fork-join' | 'compute' | 'copy-in' | 'copy-out' | 'load' | 'store' | 'wait';
  tile: number;
  buffer: number;
  start: number;
  end: number;
}>;

export type Observe = (event: PipelineEvent) => void;

/** Rounds with the same tiles; in one round each of the first `users` threads has one tile. */
export type Segment = Readonly<{ first: number; rounds: number; tiles: readonly TileCost[]; users: number }>;

/**
 * Runs the tiles of all threads through their transfers, event by event: each queue serves its
 * requests one after the other in the order in which lockstepped threads make them, each buffer is
 * filled again only when it has been read (or written back), and a thread computes when its tile is
 * there. As soon as the pattern of a round repeats, whole periods are skipped (unless `exact`).
 *
 * All times in µs from the start; threads start at `startUs`.
 */
export function runPipeline(
  classes: readonly TileClass[],
  threads: number,
  transfers: Transfers,
  startUs: number,
  exact = false,
  observe?: Observe,
): ThreadTime[] {
  const run = new PipelineRun(deal(classes, threads), threads, transfers, startUs, observe);
  run.play(exact);
  return run.result();
}

/**
 * The tiles of every class, dealt to the threads: each class evenly, in lockstep, and what is left
 * of all classes in a few last rounds.
 */
function deal(classes: readonly TileClass[], threads: number): Segment[] {
  const segments: Segment[] = [];
  const left: TileCost[] = [];
  let first = 0;
  for (const tile of classes) {
    const rounds = Math.floor(tile.count / threads);
    if (rounds > 0) {
      segments.push({ first, rounds, tiles: new Array<TileCost>(threads).fill(tile), users: threads });
      first += rounds;
    }
    for (let i = rounds * threads; i < tile.count; i++) left.push(tile);
  }
  for (let i = 0; i < left.length; i += threads) {
    const tiles = left.slice(i, i + threads);
    segments.push({ first, rounds: 1, tiles, users: tiles.length });
    first++;
  }
  return segments;
}

import type { Observe } from './pipeline-event.ts';
import { PipelineRun, type Segment, type ThreadTime } from './pipeline-run.ts';
import type { TileClass, TileCost, Transfers } from './tile-transfers.ts';

/**
 * Simulates the tiles of all threads and their transfers, event by event. A queue serves requests one
 * after the other, in the order in which threads in lockstep make them. A buffer is filled again only
 * when it has been read (or written back), and a thread computes as soon as its tile has arrived. Once
 * the pattern of a round repeats, whole periods are skipped (unless `exact`).
 *
 * All times are in µs from the start of the call; threads start at `startUs`.
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
 * Deals the tiles of every class to the threads: each class evenly, in lockstep, and what is left of
 * all classes in a few last rounds.
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

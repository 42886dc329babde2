import type { TileCost } from './tile-transfers.ts';

/** Something that took time on a thread, the matrix unit or a queue, from `start` to `end` in µs. */
export type PipelineEvent = Readonly<{
  track: 'thread' | 'unit' | 'queue';
  /** Which of them. */
  index: number;
  /** The thread for which it was done. */
  thread: number;
  what:
    | 'fork-join'
    | 'allocate'
    | 'compute'
    | 'multiply'
    | 'copy-in'
    | 'copy-out'
    | 'load'
    | 'store'
    | 'wait';
  tile: number;
  buffer: number;
  start: number;
  end: number;
}>;

/** Told of an event, and with 'compute' of the tile that is computed. */
export type Observe = (event: PipelineEvent, tile?: TileCost) => void;

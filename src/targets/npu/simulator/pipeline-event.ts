/** Something that took time on a thread or a queue, from `start` to `end` in µs. */
export type PipelineEvent = Readonly<{
  track: 'thread' | 'queue';
  /** Which thread or queue. */
  index: number;
  /** The thread for which it was done. */
  thread: number;
  what: 'fork-join' | 'compute' | 'copy-in' | 'copy-out' | 'load' | 'store' | 'wait';
  tile: number;
  buffer: number;
  start: number;
  end: number;
}>;

export type Observe = (event: PipelineEvent) => void;

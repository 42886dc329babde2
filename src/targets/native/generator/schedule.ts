import type { Schedule } from '../../../lowering/schedule.ts';

/** How a variant's code is generated, and how it is compiled. */
export type NativeSchedule = Readonly<{
  loops: Schedule;
  /** Whether multiply-adds may be fused: they round once. */
  fma: boolean;
  /** Whether the compiler vectorises loops itself. */
  autoVector: boolean;
  /** Whether rows are in a software pipeline: the first loop over one runs beside the second loop over the one before. */
  pipelined: boolean;
  /** Bytes ahead that data is asked for; 0: not at all. */
  prefetch: number;
  /** Whether results are stored past the caches, where they are aligned. */
  streaming: boolean;
}>;

import type { Schedule } from '../../../lowering/schedule.ts';
import type { ModelledDma } from './modelled-dma.ts';

/**
 * How a variant's code is generated. The unrolled copies of a body are the registers of a block along the
 * vectorized loop.
 */
export type WasmSchedule = Readonly<{
  loops: Schedule;
  /** Multiply-adds that round once, by relaxed SIMD. */
  fma: boolean;
  /** How tiles are copied: by memory.copy, or by vector registers. */
  engine: 'memory' | 'simd';
  /** The DMA engine that the second thread's transfers imitate; absent: as fast as it copies. */
  modelled?: ModelledDma;
}>;

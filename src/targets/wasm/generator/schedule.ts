import type { ModelledDma } from './modelled-dma.ts';

/**
 * How a variant's code is generated: a configuration without threads and chunking, which concern only the
 * runner.
 */
export type WasmSchedule = Readonly<{
  /** Lanes that one loop iteration computes: 1, or 4 times the registers. */
  lanes: number;
  /** Elements in each iteration of a scalar loop; 1 for vector code. */
  scalarUnroll: number;
  /** Multiply-adds that round once, by relaxed SIMD. */
  fma: boolean;
  staging: WasmStaging;
  /** A contraction: the rows of its register tile (each has the registers of `lanes`), and the panels packed at a time. */
  contraction: Readonly<{ rows: number; panels: number }>;
}>;

export type WasmStaging =
  | Readonly<{ kind: 'direct' }>
  | Readonly<{
      /** Which thread copies: 'copy' the computing one, 'dma' a second one beside it. */
      kind: 'copy' | 'dma';
      /** Units of work in a tile: rows, or elements. */
      tile: number;
      buffers: number;
      engine: 'memory' | 'simd';
      scope: 'inout' | 'in';
      /** The DMA engine that the second thread's transfers imitate; absent: as fast as it copies. */
      modelled?: ModelledDma;
    }>;

export const DIRECT: WasmStaging = Object.freeze({ kind: 'direct' });

import type { ModelledDma } from './modelled-dma.ts';

/**
 * How a variant is to be generated: what a configuration says, threads and chunking aside, which
 * are the runner's.
 */
export type Schedule = Readonly<{
  /** Lanes worked on as one batch: 1, or 4 times the registers. */
  lanes: number;
  /** Elements a turn of a scalar loop; 1 where lanes are vectors. */
  scalarUnroll: number;
  /** Multiply-adds rounded once, by relaxed SIMD. */
  fma: boolean;
  staging: Staging;
  /** A contraction's register tile: rows of as many registers as `lanes` has; panels packed at a time. */
  contraction: Readonly<{ rows: number; panels: number }>;
}>;

export type Staging =
  | Readonly<{ kind: 'direct' }>
  | Readonly<{
      /** Who copies: the computing thread, or a second one beside it. */
      kind: 'copy' | 'dma';
      /** Work a tile: rows, or elements. */
      tile: number;
      buffers: number;
      engine: 'memory' | 'simd';
      scope: 'inout' | 'in';
      /** How slow the second thread's transfers are made to be; as fast as it copies where absent. */
      modelled?: ModelledDma;
    }>;

export const DIRECT: Staging = Object.freeze({ kind: 'direct' });

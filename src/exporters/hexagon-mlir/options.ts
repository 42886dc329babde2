/**
 * The keyword arguments of hexagon-mlir (qualcomm/hexagon-mlir at 7a39f69) that carry a tuned
 * configuration. Its C++ side compares the text of a value with 'True', so flags must be Python bools.
 */
export type HexagonOptions = Readonly<{
  enableVectorization: boolean;
  enableMultiThreading: boolean;
  enableDoubleBuffering: boolean;
  enableVTCMTiling: boolean;
  enableConvertToHexagonmem: boolean;
  enableHexagonmemCopyToDMA: boolean;
  enableSCFLoopUnroll: boolean;
  /** A size for each loop, outermost first, 0 for a loop that is not tiled; '' leaves them to the compiler's rule. */
  tileSizes: string;
}>;

/** What the compiler does in one way only, whatever its options. */
export const FIXED = Object.freeze({
  /** Pieces that a tile is cut into for several threads, however many they are. */
  chunks: 4,
  /** Elements of a tile × operations / 2 below which it stays on one thread. */
  gate: 65_536,
  /** Bytes of a vector register; pairs of registers cannot be asked for. */
  vectorBytes: 128,
  /** Scratchpad that its tiling rule plans with when tileSizes is empty, whatever the device has. */
  ruleBudgetBytes: 2 * 1024 * 1024,
  /** Row widths and strides of a two-dimensional transfer are 16-bit fields: more is silently cut off. */
  strideLimitBytes: 65_536,
  /** Dimensions of an operation that it can double-buffer, all of them parallel. */
  doubleBufferRank: 2,
});

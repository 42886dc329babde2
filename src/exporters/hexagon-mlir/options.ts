import type { SimulatedSchedule } from '../../targets/npu/simulator/schedule.ts';

/**
 * The keyword arguments of hexagon-mlir (qualcomm/hexagon-mlir at 7a39f69) that a tuned configuration is handed over
 * in. Its C++ side compares the text of a value with 'True', so flags must be Python bools.
 */
export type HexagonOptions = Readonly<{
  enableVectorization: boolean;
  enableMultiThreading: boolean;
  enableDoubleBuffering: boolean;
  enableVTCMTiling: boolean;
  /** A size for each loop, outermost first, 0 for a loop that is not tiled; '' leaves them to the compiler's rule. */
  tileSizes: string;
  enableConvertToHexagonmem: boolean;
  enableHexagonmemCopyToDMA: boolean;
  enableSCFThreading: boolean;
  /** Bytes of VTCM that the launcher gives each instance of the program; 0 if each allocates its own. */
  scratch: number;
  enableSplitReduction: boolean;
  enableSCFLoopUnroll: boolean;
  enableHVXInlining: boolean;
  enableConversionToFp16: boolean;
}>;

/** Options that no configuration of a target speaks of, as the compiler has them unasked. */
export const UNTUNED = Object.freeze({
  enableSCFThreading: false,
  scratch: 0,
  enableSplitReduction: false,
  enableHVXInlining: false,
  enableConversionToFp16: false,
} satisfies Partial<HexagonOptions>);

/** Options that the proposed tree at 227b330 has besides. */
export type ProposedOptions = Readonly<{
  /** Buffers that stage operands for the matrix unit: 0 as many as it finds good, 1, 2, and 3 for none. */
  enableHmxPipelineDepth: number;
  enableWeightResident: boolean;
  enableWorkspaceResident: boolean;
  enableVectorRowReduce: boolean;
  extendPackUpperFrontier: boolean;
  extendPackLowerFrontier: boolean;
  forceHVXCroutonization: boolean;
}>;

/** Those for a configuration: as the tree has them unasked, but for what a product on the matrix unit says. */
export function proposedOptions({ unit, weights, buffers }: SimulatedSchedule): ProposedOptions {
  const isMatrix = unit === 'matrix';
  return {
    enableHmxPipelineDepth: isMatrix ? Math.min(2, buffers) : 0,
    enableWeightResident: isMatrix ? weights === 'resident' : true,
    enableWorkspaceResident: false,
    enableVectorRowReduce: false,
    extendPackUpperFrontier: true,
    extendPackLowerFrontier: true,
    forceHVXCroutonization: false,
  };
}

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
  /** An external scratch buffer is a multiple of this. */
  scratchUnitBytes: 2048,
});

type Rule = Readonly<{ sentence: string; holds: (options: Options) => boolean }>;
type Options = Omit<HexagonOptions, 'tileSizes'> & Partial<Pick<HexagonOptions, 'tileSizes'>>;

/** What the compiler asserts of its options (`LinalgToLLVMPass.cpp`), and where one has no effect without another. */
const RULES: readonly Rule[] = Object.freeze([
  {
    sentence: 'enableSCFThreading excludes enableMultiThreading, enableVTCMTiling and scratch',
    holds: (each) =>
      !each.enableSCFThreading || !(each.enableMultiThreading || each.enableVTCMTiling || each.scratch > 0),
  },
  {
    sentence: `scratch is a multiple of ${FIXED.scratchUnitBytes}`,
    holds: ({ scratch }) => scratch >= 0 && scratch % FIXED.scratchUnitBytes === 0,
  },
  {
    sentence:
      'enableDoubleBuffering needs tiles in VTCM (enableVTCMTiling or scratch) and enableHexagonmemCopyToDMA',
    holds: (each) => !each.enableDoubleBuffering || (isTiled(each) && each.enableHexagonmemCopyToDMA),
  },
  {
    sentence: 'enableHexagonmemCopyToDMA needs enableConvertToHexagonmem',
    holds: (each) => !each.enableHexagonmemCopyToDMA || each.enableConvertToHexagonmem,
  },
  {
    sentence: 'tileSizes needs tiles in VTCM (enableVTCMTiling or scratch)',
    holds: (each) => (each.tileSizes ?? '') === '' || isTiled(each),
  },
  {
    sentence: 'enableSplitReduction needs enableVectorization',
    holds: (each) => !each.enableSplitReduction || each.enableVectorization,
  },
]);

/** The rules that options break, in words. */
export function brokenRules(options: Options): readonly string[] {
  return RULES.filter(({ holds }) => !holds(options)).map(({ sentence }) => sentence);
}

function isTiled({ enableVTCMTiling, scratch }: Options): boolean {
  return enableVTCMTiling || scratch > 0;
}

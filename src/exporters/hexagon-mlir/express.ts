import type { CompilerFacts } from './facts.ts';
import { brokenRules, FIXED, type HexagonOptions, UNTUNED } from './options.ts';

/** Options for a configuration, and a sentence for each part of it that they do not express. */
export type Expressed = Readonly<{ options: HexagonOptions; lost: readonly string[] }>;

/**
 * The options nearest to a configuration that the compiler's rules allow. `scratchpadBytes` is the size
 * of the device's VTCM; null if it is unknown, and then it is not checked.
 */
export function express(facts: CompilerFacts, scratchpadBytes: number | null): Expressed {
  const { schedule } = facts;
  const lost: string[] = [];
  const allowed = (wanted: boolean, objections: readonly (string | false)[]): boolean => {
    const found = objections.filter((objection) => objection !== false);
    if (wanted) lost.push(...found);
    return wanted && found.length === 0;
  };
  const isStaged = schedule.staging !== 'direct';
  const ownTiles = isStaged && allowed(true, [doesNotFit(facts, 1, scratchpadBytes)]);
  const dma = allowed(schedule.staging === 'dma', [
    facts.strideBytes >= FIXED.strideLimitBytes &&
      `DMA: a row or stride of ${facts.strideBytes} bytes does not fit its 16-bit fields; the core copies instead`,
  ]);
  const doubled = allowed(schedule.buffers > 1, [
    !dma && 'double buffering needs DMA',
    !facts.isBufferable && 'double buffering needs an all-parallel operation of rank at most 2',
    !facts.isDivided && 'double buffering needs extents that are multiples of the tile',
    !ownTiles ? 'double buffering needs the tile that was tuned' : doesNotFit(facts, 2, scratchpadBytes),
  ]);
  lost.push(...unsaid(facts, doubled));
  const options = {
    enableVectorization: schedule.vectorBytes > 0,
    enableMultiThreading: schedule.threads > 1,
    enableDoubleBuffering: doubled,
    enableVTCMTiling: isStaged,
    tileSizes: ownTiles ? facts.loops.map(({ tile }) => tile).join(',') : '',
    enableConvertToHexagonmem: isStaged,
    enableHexagonmemCopyToDMA: dma,
    enableSCFLoopUnroll: schedule.unroll > 1,
    ...UNTUNED,
  };
  const broken = brokenRules(options);
  if (broken.length > 0) throw new Error(`options for hexagon-mlir break its rules: ${broken.join('; ')}`);
  return { lost, options };
}

/** Why so many buffers of a tile are too much for the VTCM; false if they fit. */
export function doesNotFit(
  { tileBytes }: CompilerFacts,
  buffers: number,
  scratchpadBytes: number | null,
): string | false {
  const bytes = buffers * tileBytes.operands + tileBytes.kept;
  if (scratchpadBytes === null || bytes <= scratchpadBytes) return false;
  return `${buffers} × the tile is ${bytes} bytes, more than the ${scratchpadBytes} of VTCM: left to the compiler, whose rule stays within ${FIXED.ruleBudgetBytes}`;
}

/** A sentence for each part of a schedule that no option expresses. */
function unsaid({ schedule, work }: CompilerFacts, doubled: boolean): readonly string[] {
  const { vectorBytes, unroll, threads, split, buffers, code } = schedule;
  const sentences: readonly (string | false)[] = [
    vectorBytes > FIXED.vectorBytes && `vectors of ${vectorBytes} bytes: it uses ${FIXED.vectorBytes}`,
    unroll > 1 && `an unrolling of ${unroll}: the compiler chooses its own`,
    threads > 1 &&
      threads !== FIXED.chunks &&
      `${threads} threads: it makes ${FIXED.chunks} chunks of a tile`,
    threads > 1 && split !== 'chunks' && `split ${split}: it splits each tile in chunks`,
    threads > 1 &&
      work < FIXED.gate &&
      `several threads: a tile’s elements × operations / 2 are ${Math.round(work)}, below its gate of ${FIXED.gate}: one thread`,
    code.floats === 'qfloat' && 'floats in the vector unit’s own format: a flag of LLVM',
    code.vectorCombine === 'off' && 'LLVM’s pass that combines vector operations off: a flag of LLVM',
    code.pipeliner === 'off' && 'LLVM’s software pipelining off: a flag of LLVM',
    code.scheduling === 'top-down' && 'packets filled from the top: a flag of LLVM',
    code.alignment === 'vectors' && 'operands that begin at whole vectors: it asserts what it knows of them',
    doubled && buffers > 2 && `${buffers} buffers: it has 2`,
  ];
  return sentences.filter((sentence) => sentence !== false);
}

import type { Features } from '../../../store/records.ts';
import type { SimulatedTarget } from './schema.ts';

/** What a cost model learns from: the figures that tell one machine from another, large ones as logarithms. */
export function targetFeatures(target: SimulatedTarget): Features {
  const { memory, copy, dma, compiler, ops } = target;
  const nearest = memory[0];
  const outermost = memory[memory.length - 1];
  const capacity = memory.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0);
  return {
    clockGHz: target.clockGHz,
    contexts: target.contexts,
    vectorUnits: target.vectorUnits,
    vectorBytes: target.vector.bytes,
    logLatencyScale: Math.log2(ops.vectorLatencyScale),
    logScratchpad: Math.log2(target.scratchpad.bytes),
    logCaches: Math.log2(1 + capacity),
    logNearGBs: Math.log2(nearest.perThreadGBs),
    logMemoryThreadGBs: Math.log2(outermost.perThreadGBs),
    logMemoryGBs: Math.log2(outermost.totalGBs),
    logCopyGBs: Math.log2(copy.perThreadGBs),
    logDmaGBs: Math.log2(Math.min(dma.totalGBs, dma.perQueueGBs * compiler.habits.dmaQueues)),
    logForkJoinUs: Math.log2(1 + target.forkJoinUs),
    scalarAccessNs: target.scratchpad.scalarAccessNs,
    forkPerTile: compiler.habits.forkPerTile ? 1 : 0,
  };
}

import type { Configuration } from '../../search-space/parameter.ts';
import type { Kernel } from '../kernels/ir.ts';
import { formatShape } from '../kernels/shape.ts';
import type { SimulatedTarget } from '../targets/npu/machine/schema.ts';
import type { PipelineEvent } from '../targets/npu/simulator/pipeline-event.ts';
import { simulateKernel } from '../targets/npu/simulator/simulate.ts';

/** An activity on one track. Times are in µs from the start of the call. */
export type Span = Readonly<{
  what: 'fork-join' | 'compute' | 'copy-in' | 'copy-out' | 'load' | 'store' | 'wait';
  start: number;
  end: number;
  /** The tile's number over all contexts, and the buffer that holds it; absent outside tiles. */
  tile?: number;
  buffer?: number;
}>;

/** A hardware context or a DMA queue. */
export type Track = Readonly<{ name: string; kind: 'context' | 'queue'; spans: readonly Span[] }>;

/** The shown part of one simulated call. */
export type Timeline = Readonly<{
  title: string;
  /** The whole call, in µs. */
  timeUs: number;
  tracks: readonly Track[];
  /** Tiles of the call, and how many of them are shown. */
  tiles: Readonly<{ whole: number; shown: number }>;
}>;

/** Simulates one call tile by tile, and records its first tiles. */
export function timelineOf(
  kernel: Kernel,
  machine: SimulatedTarget,
  configuration: Configuration,
  mostTiles: number,
): Timeline {
  const events: PipelineEvent[] = [];
  let whole = 0;
  const { timeUs } = simulateKernel(kernel, machine, configuration, {
    exact: true,
    observe: (event) => {
      whole = Math.max(whole, event.tile + 1);
      if (event.tile < mostTiles) events.push(event);
    },
  });
  const title = `${kernel.name} ${formatShape(kernel.shape)} ${kernel.dtype} on ${machine.name}, simulated: ${timeUs.toFixed(2)} µs`;
  return { title, timeUs, tracks: tracksOf(events), tiles: { whole, shown: Math.min(whole, mostTiles) } };
}

/** A track for each context, then one for each DMA queue; spans in the order of time. */
function tracksOf(events: readonly PipelineEvent[]): readonly Track[] {
  const firstWork = Math.min(...events.map(({ start }) => start));
  const forkJoin: Span = { what: 'fork-join', start: 0, end: firstWork };
  return (['thread', 'queue'] as const).flatMap((track) => {
    const own = events.filter((event) => event.track === track);
    const indices = [...new Set(own.map(({ index }) => index))].sort((a, b) => a - b);
    return indices.map((index): Track => {
      const spans = own.filter((event) => event.index === index).map(spanOf);
      spans.sort((a, b) => a.start - b.start);
      return track === 'thread'
        ? { name: `context ${index}`, kind: 'context', spans: [forkJoin, ...spans] }
        : { name: `DMA queue ${index}`, kind: 'queue', spans };
    });
  });
}

function spanOf({ what, start, end, tile, buffer }: PipelineEvent): Span {
  return { what, start, end, tile, buffer };
}

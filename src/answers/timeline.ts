import type { Configuration } from '../../search-space/parameter.ts';
import type { Kernel } from '../kernels/ir.ts';
import { formatShape } from '../kernels/shape.ts';
import type { Span, Timeline, Track } from '../report/timeline/timeline.ts';
import type { SimulatedTarget } from '../targets/npu/machine/schema.ts';
import type { PipelineEvent } from '../targets/npu/simulator/pipeline.ts';
import { simulate } from '../targets/npu/simulator/simulate.ts';

/** Plays one call on a simulated target, tile by tile, and keeps its first tiles. */
export function timelineOf(
  kernel: Kernel,
  machine: SimulatedTarget,
  configuration: Configuration,
  mostTiles: number,
): Timeline {
  const events: PipelineEvent[] = [];
  let whole = 0;
  const { timeUs } = simulate(kernel, machine, configuration, {
    exact: true,
    observe: (event) => {
      whole = Math.max(whole, event.tile + 1);
      if (event.tile < mostTiles) events.push(event);
    },
  });
  const title = `${kernel.name} ${formatShape(kernel.shape)} ${kernel.dtype} on ${machine.name}, simulated: ${timeUs.toFixed(2)} µs`;
  return { title, timeUs, tracks: tracksOf(events), tiles: { whole, shown: Math.min(whole, mostTiles) } };
}

/** A track a context, then a track a DMA queue, each in the order of time. */
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

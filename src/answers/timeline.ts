import type { Configuration } from '../../search-space/parameter.ts';
import type { OrUnknown } from '../../tuner/attribution/gain.ts';
import type { Kernel } from '../kernels/ir.ts';
import { formatShape } from '../kernels/shape.ts';
import type { SimulatedTarget } from '../targets/npu/machine/schema.ts';
import type { PipelineEvent } from '../targets/npu/simulator/pipeline-event.ts';
import { simulateKernel } from '../targets/npu/simulator/simulate.ts';
import { BusyShares } from './busy-shares.ts';

/** An activity on one track. Times are in µs from the start of the call. */
export type Span = Readonly<{
  what: PipelineEvent['what'] | 'transfer' | 'untold';
  /** How a device's log calls it; absent of what is simulated. */
  name?: string;
  start: number;
  end: number;
  /** The tile's number over all contexts, and the buffer that holds it; absent outside tiles. */
  tile?: number;
  buffer?: number;
}>;

/** A hardware context, the matrix unit or a DMA queue: its spans in the shown part, and how busy it is in the whole call. */
export type Track = Readonly<{
  name: string;
  kind: 'context' | 'unit' | 'queue';
  spans: readonly Span[];
  /** The share of the call in which it computes or moves data, 0 to 1. */
  busy: OrUnknown<number>;
  /** The same for each of equally long parts of the call. */
  busyParts: Float64Array;
  /** What of it is computing: a core may move data, too. */
  computingParts: Float64Array;
}>;

/** One call, of which the first part is shown span by span. */
export type Timeline = Readonly<{
  /** What is called and where its times are from; the time itself is `timeUs`. */
  title: string;
  /** The whole call, and its shown part, in µs. */
  timeUs: number;
  shownUs: number;
  tracks: readonly Track[];
  /** Tiles of the call, and how many of them begin in the shown part. A device's log tells nothing of tiles. */
  tiles: OrUnknown<Readonly<{ whole: number; shown: number }>>;
}>;

/**
 * Simulates one call tile by tile, and shows it until more than so many tiles have begun, or until a time. It is cut by time: a
 * cut by tiles would leave out what other contexts and queues do at the same time.
 */
export function timelineOf(
  kernel: Kernel,
  machine: SimulatedTarget,
  configuration: Configuration,
  until: Readonly<{ tiles: number }> | Readonly<{ us: number }>,
): Timeline {
  const run = (observe: (event: PipelineEvent) => void) =>
    simulateKernel(kernel, machine, configuration, { exact: true, observe });
  const begins: number[] = [];
  const { timeUs } = run(({ tile, start }) => {
    begins[tile] = Math.min(begins[tile] ?? Number.POSITIVE_INFINITY, start);
  });
  const inTime = [...begins].sort((a, b) => a - b);
  const shownUs = Math.min(timeUs, 'us' in until ? until.us : (inTime[until.tiles] ?? timeUs));
  const events: PipelineEvent[] = [];
  const shares = new BusyShares(timeUs);
  run((event) => {
    shares.add(event);
    if (event.start < shownUs) events.push({ ...event, end: Math.min(event.end, shownUs) });
  });
  const title = `${kernel.name} ${formatShape(kernel.shape)} ${kernel.dtype} on ${machine.name}, simulated`;
  const tiles = { whole: inTime.length, shown: inTime.filter((start) => start < shownUs).length };
  return { title, timeUs, shownUs, tracks: tracksOf(events, shares), tiles };
}

/** A track for each context, one for the matrix unit where it is used, then one for each DMA queue; spans in the order of time. */
function tracksOf(events: readonly PipelineEvent[], shares: BusyShares): readonly Track[] {
  const firstWork = Math.min(...events.map(({ start }) => start));
  const forkJoin: Span = { what: 'fork-join', start: 0, end: firstWork };
  return shares.tracks().map(({ track, index, ...busy }): Track => {
    const spans = events.filter((event) => event.track === track && event.index === index).map(spanOf);
    spans.sort((a, b) => a.start - b.start);
    if (track === 'unit') return { name: 'matrix unit', kind: 'unit', spans, ...busy };
    return track === 'thread'
      ? { name: `context ${index}`, kind: 'context', spans: [forkJoin, ...spans], ...busy }
      : { name: `DMA queue ${index}`, kind: 'queue', spans, ...busy };
  });
}

function spanOf({ what, start, end, tile, buffer }: PipelineEvent): Span {
  if (what === 'allocate') return { what, start, end };
  return { what, start, end, tile, buffer };
}

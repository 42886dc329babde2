import type { PipelineEvent } from '../targets/npu/simulator/pipeline-event.ts';

/** Equally long parts of a call: one is a few pixels wide. */
const PARTS = 200;

/** How busy a context, the matrix unit or a DMA queue is; `computingParts` is what of `busyParts` is no moving of data. */
export type BusyTrack = Readonly<
  Pick<PipelineEvent, 'track' | 'index'> & {
    busy: number;
    busyParts: Float64Array;
    computingParts: Float64Array;
  }
>;

const ORDER: readonly PipelineEvent['track'][] = ['thread', 'unit', 'queue'];
/** What takes time of a thread, but is no work on data. */
const NO_WORK: ReadonlySet<string> = new Set(['wait', 'fork-join', 'allocate']);

/** Adds up when contexts and the matrix unit compute and queues transfer, over a whole call of `timeUs`. */
export class BusyShares {
  readonly #timeUs: number;
  readonly #busyUs = new Map<
    string,
    Readonly<{ event: PipelineEvent; parts: Float64Array; computing: Float64Array }>
  >();

  constructor(timeUs: number) {
    this.#timeUs = timeUs;
  }

  add(event: PipelineEvent): void {
    const key = `${event.track} ${event.index}`;
    const known = this.#busyUs.get(key) ?? {
      event,
      parts: new Float64Array(PARTS),
      computing: new Float64Array(PARTS),
    };
    this.#busyUs.set(key, known);
    if (NO_WORK.has(event.what)) return;
    const partUs = this.#timeUs / PARTS;
    const last = Math.min(PARTS - 1, Math.floor(event.end / partUs));
    for (let part = Math.floor(event.start / partUs); part <= last; part++) {
      const from = Math.max(event.start, part * partUs);
      const us = Math.max(0, Math.min(event.end, (part + 1) * partUs) - from);
      known.parts[part] += us;
      if (event.what === 'compute' || event.what === 'multiply') known.computing[part] += us;
    }
  }

  /** Contexts first, queues last, each kind by its index. */
  tracks(): readonly BusyTrack[] {
    return [...this.#busyUs.values()]
      .map(({ event: { track, index }, parts, computing }) => ({
        track,
        index,
        busy: parts.reduce((sum, us) => sum + us, 0) / this.#timeUs,
        busyParts: parts.map((us) => us / (this.#timeUs / PARTS)),
        computingParts: computing.map((us) => us / (this.#timeUs / PARTS)),
      }))
      .sort((a, b) => ORDER.indexOf(a.track) - ORDER.indexOf(b.track) || a.index - b.index);
  }
}

import type { Observe, PipelineEvent } from './pipeline-event.ts';
import { LONGEST_PERIOD, SteadyState } from './steady-state.ts';
import type { TileCost, Transfers } from './tile-transfers.ts';

/** How one thread spent its time, in µs. */
export type ThreadTime = Readonly<{ end: number; compute: number; memory: number; dma: number }>;

/** Rounds with the same tiles; in each round the first `users` threads have one tile each. */
export type Segment = Readonly<{ first: number; rounds: number; tiles: readonly TileCost[]; users: number }>;

/** Places of a thread's accounts in `spent`. */
const COMPUTE = 0;
const MEMORY = 1;
const DMA = 2;
const ACCOUNTS = 3;

/** The moments of the run under way, reused by the next one: only one runs at a time. */
let room = new Float64Array(0);

function momentsFor(count: number, startUs: number): Float64Array {
  if (room.length < count) room = new Float64Array(2 * count);
  return room.subarray(0, count).fill(startUs);
}

/**
 * One run of `runPipeline`. All moments are in one array (the clock of each thread, the end of the last
 * load and store of each buffer, the clock of each queue, the ends of its last descriptors), so that a
 * period is skipped by adding to each of them.
 */
export class PipelineRun {
  private readonly segments: readonly Segment[];
  private readonly threads: number;
  private readonly transfers: Transfers;
  private readonly observe: Observe | undefined;
  private readonly queues: number;
  private readonly buffers: number;
  private readonly rounds: number;
  private readonly moments: Float64Array;
  private readonly spent: Float64Array;
  private readonly loads: number;
  private readonly stores: number;
  private readonly queueClocks: number;
  private readonly completions: number;
  /** 0 where no queue can ever be full. */
  private readonly depth: number;
  private readonly nextDescriptor: Int32Array;

  constructor(
    segments: readonly Segment[],
    threads: number,
    transfers: Transfers,
    startUs: number,
    observe: Observe | undefined,
  ) {
    const last = segments[segments.length - 1];
    this.segments = segments;
    this.threads = threads;
    this.transfers = transfers;
    this.observe = observe;
    this.queues = Math.min(transfers.queues, threads);
    this.buffers = transfers.buffers;
    this.rounds = last.first + last.rounds;
    this.depth = queueCanFill(segments, threads, this.queues, transfers) ? transfers.queueDepth : 0;
    // Moments that never move would hide every period: a copying core has no queues.
    const isDma = transfers.kind === 'dma';
    this.loads = threads;
    this.stores = this.loads + (isDma ? threads * this.buffers : 0);
    this.queueClocks = this.stores + (isDma ? threads * this.buffers : 0);
    this.completions = this.queueClocks + (isDma ? this.queues : 0);
    this.moments = momentsFor(this.completions + this.queues * this.depth, startUs);
    this.spent = new Float64Array(threads * ACCOUNTS);
    this.nextDescriptor = new Int32Array(this.queues);
  }

  play(exact: boolean): void {
    for (let ahead = 0; ahead < this.buffers - 1; ahead++) {
      for (let thread = 0; thread < this.threads; thread++) this.load(0, thread, ahead);
    }
    for (let segment = 0; segment < this.segments.length; segment++) this.playSegment(segment, exact);
    if (this.transfers.kind === 'copy') return;
    for (let thread = 0; thread < this.threads; thread++) this.drain(thread);
  }

  result(): ThreadTime[] {
    return Array.from({ length: this.threads }, (_, thread) => ({
      end: this.moments[thread],
      compute: this.spent[thread * ACCOUNTS + COMPUTE],
      memory: this.spent[thread * ACCOUNTS + MEMORY],
      dma: this.spent[thread * ACCOUNTS + DMA],
    }));
  }

  /** Loads are made `buffers − 1` rounds ahead, so the last rounds of a segment are never skipped. */
  private playSegment(segment: number, exact: boolean): void {
    const { first, rounds } = this.segments[segment];
    const end = first + rounds;
    const last = end - (this.buffers - 1);
    const watched = !exact && rounds > LONGEST_PERIOD;
    let steady = watched ? new SteadyState(this.moments, this.spent, this.buffers) : undefined;
    for (let round = first; round < end; round++) {
      this.playRound(segment, round);
      if (steady === undefined || round + 1 >= last) continue;
      const period = steady.note();
      if (period === 0) continue;
      const times = Math.floor((last - (round + 1)) / period);
      steady.skip(times);
      round += times * period;
      steady = undefined;
    }
  }

  private playRound(segment: number, round: number): void {
    const isCopy = this.transfers.kind === 'copy';
    for (let thread = 0; thread < this.threads; thread++) {
      if (isCopy) this.copyRound(segment, thread, round);
      else this.dmaRound(segment, thread, round);
    }
  }

  private copyRound(segment: number, thread: number, round: number): void {
    const { tiles, users } = this.segments[segment];
    const tile = tiles[thread];
    if (tile === undefined) return;
    const usPerByte = this.transfers.usPerByte(users);
    this.spend(thread, MEMORY, tile.loadBytes * usPerByte, 'copy-in', round);
    this.compute(thread, tile, round);
    this.spend(thread, MEMORY, tile.storeBytes * usPerByte, 'copy-out', round);
  }

  /** Writes back the tile before, asks for the one `buffers − 1` rounds ahead, waits for this one, computes. */
  private dmaRound(segment: number, thread: number, round: number): void {
    if (round > 0) this.store(segment, thread, round - 1);
    if (round > 0 && this.transfers.waitForWriteBack) this.wait(thread, this.stores, round - 1);
    this.load(segment, thread, round + this.buffers - 1);
    const tile = this.segments[segment].tiles[thread];
    if (tile === undefined) return;
    this.wait(thread, this.loads, round);
    if (round >= this.buffers) this.wait(thread, this.stores, round - this.buffers);
    this.compute(thread, tile, round);
  }

  private drain(thread: number): void {
    this.store(this.segments.length - 1, thread, this.rounds - 1);
    for (let back = Math.min(this.buffers, this.rounds); back >= 1; back--) {
      this.wait(thread, this.stores, this.rounds - back);
    }
  }

  private load(segment: number, thread: number, round: number): void {
    if (round >= this.rounds) return;
    const found = this.segmentOf(round, segment);
    const tile = found.tiles[thread];
    if (tile !== undefined)
      this.transfer(thread, round, tile.loadBytes, tile.loadDescriptors, 'load', found.users);
  }

  private store(segment: number, thread: number, round: number): void {
    const found = this.segmentOf(round, segment);
    const tile = found.tiles[thread];
    if (tile !== undefined)
      this.transfer(thread, round, tile.storeBytes, tile.storeDescriptors, 'store', found.users);
  }

  /** The segment of a round, searched from the segment `from` on. */
  private segmentOf(round: number, from: number): Segment {
    let place = from;
    while (round < this.segments[place].first) place--;
    while (round >= this.segments[place].first + this.segments[place].rounds) place++;
    return this.segments[place];
  }

  private transfer(
    thread: number,
    round: number,
    bytes: number,
    descriptors: number,
    what: 'load' | 'store',
    users: number,
  ): void {
    const queue = thread % this.queues;
    const clock = this.queueClocks + queue;
    if (this.depth > 0) this.waitForRoom(thread, queue, Math.ceil(descriptors));
    const usPerByte = this.transfers.usPerByte(Math.min(this.queues, users));
    const start = Math.max(this.moments[thread], this.moments[clock]);
    const end = start + descriptors * this.transfers.setupUs + bytes * usPerByte;
    this.moments[clock] = end;
    this.moments[(what === 'load' ? this.loads : this.stores) + this.slot(thread, round)] = end;
    for (let i = 0; this.depth > 0 && i < descriptors; i++) {
      this.moments[this.completions + queue * this.depth + this.nextDescriptor[queue]] = end;
      this.nextDescriptor[queue] = (this.nextDescriptor[queue] + 1) % this.depth;
    }
    if (end > start) this.tell('queue', queue, thread, what, round, start, end);
  }

  /** A full queue holds its thread until it has room for the descriptors. */
  private waitForRoom(thread: number, queue: number, descriptors: number): void {
    const ahead = Math.max(0, Math.min(descriptors, this.depth) - 1);
    const place = (this.nextDescriptor[queue] + ahead) % this.depth;
    this.waitUntil(thread, this.moments[this.completions + queue * this.depth + place], 0);
  }

  private slot(thread: number, round: number): number {
    return thread * this.buffers + (round % this.buffers);
  }

  private wait(thread: number, what: number, round: number): void {
    this.waitUntil(thread, this.moments[what + this.slot(thread, round)], round);
  }

  private waitUntil(thread: number, until: number, round: number): void {
    const now = this.moments[thread];
    if (until <= now) return;
    this.spent[thread * ACCOUNTS + DMA] += until - now;
    this.moments[thread] = until;
    this.tell('thread', thread, thread, 'wait', round, now, until);
  }

  private compute(thread: number, tile: TileCost, round: number): void {
    this.spend(thread, COMPUTE, tile.computeUs, 'compute', round, tile);
  }

  private spend(
    thread: number,
    account: number,
    us: number,
    what: PipelineEvent['what'],
    round: number,
    tile?: TileCost,
  ): void {
    const start = this.moments[thread];
    this.moments[thread] += us;
    this.spent[thread * ACCOUNTS + account] += us;
    if (us > 0) this.tell('thread', thread, thread, what, round, start, start + us, tile);
  }

  private tell(
    track: PipelineEvent['track'],
    index: number,
    thread: number,
    what: PipelineEvent['what'],
    round: number,
    start: number,
    end: number,
    cost?: TileCost,
  ): void {
    if (this.observe === undefined) return;
    const tile = round * this.threads + thread;
    this.observe({ track, index, thread, what, tile, buffer: round % this.buffers, start, end }, cost);
  }
}

/** Whether more descriptors can be asked for at a time than a queue holds. */
function queueCanFill(
  segments: readonly Segment[],
  threads: number,
  queues: number,
  { buffers, queueDepth }: Transfers,
): boolean {
  let most = 0;
  for (const { tiles } of segments) {
    const tile: TileCost = tiles[0];
    most = Math.max(most, Math.ceil(tile.loadDescriptors) + Math.ceil(tile.storeDescriptors));
  }
  return Math.ceil(threads / queues) * buffers * most > queueDepth;
}

/** What one tile asks of its thread and of the transfers. */
export type TileCost = Readonly<{
  loadBytes: number;
  loadDescriptors: number;
  storeBytes: number;
  storeDescriptors: number;
  computeUs: number;
}>;

/** So many tiles alike. */
export type TileClass = TileCost & Readonly<{ count: number }>;

/** How tiles travel. `usPerByte` is what a byte costs when so many users share the path. */
export type Transfers = Readonly<{
  kind: 'copy' | 'dma';
  usPerByte: (users: number) => number;
  /** A copying core's share of the setup is 0. */
  setupUs: number;
  queues: number;
  queueDepth: number;
  buffers: number;
  waitForWriteBack: boolean;
}>;

/** What one thread did with its time, in µs. */
export type ThreadTime = Readonly<{ end: number; compute: number; memory: number; dma: number }>;

/** Something that took time on a thread or a queue. */
export type PipelineEvent = Readonly<{
  track: 'thread' | 'queue';
  index: number;
  thread: number;
  what: 'compute' | 'copy-in' | 'copy-out' | 'load' | 'store' | 'wait';
  tile: number;
  buffer: number;
  start: number;
  end: number;
}>;

export type Observe = (event: PipelineEvent) => void;

/** One round is one tile for each thread. */
type Segment = Readonly<{ rounds: number; tiles: readonly (TileCost | undefined)[] }>;

const PERIODS = 8;
/** Rounds after which an irregular pattern is taken to go on as it did in its second half. */
const PATIENCE = 512;

/**
 * The tiles of every class, dealt to the threads: each class evenly, in lockstep, and what is left
 * of all classes in a few last rounds.
 */
function deal(classes: readonly TileClass[], threads: number): Segment[] {
  const segments: Segment[] = [];
  const left: TileCost[] = [];
  for (const tile of classes) {
    const rounds = Math.floor(tile.count / threads);
    if (rounds > 0) segments.push({ rounds, tiles: new Array<TileCost>(threads).fill(tile) });
    for (let i = rounds * threads; i < tile.count; i++) left.push(tile);
  }
  for (let i = 0; i < left.length; i += threads) {
    segments.push({ rounds: 1, tiles: Array.from({ length: threads }, (_, thread) => left[i + thread]) });
  }
  return segments;
}

/**
 * Runs the tiles of all threads through their transfers, event by event: each queue serves its
 * requests one after the other in the order in which lockstepped threads make them, each buffer is
 * filled again only when it has been read (or written back), and a thread computes when its tile is
 * there. As soon as the pattern of a round repeats, whole periods are skipped (unless `exact`).
 *
 * All times in µs from the start; threads start at `startUs`.
 */
export function runPipeline(
  classes: readonly TileClass[],
  threads: number,
  transfers: Transfers,
  startUs: number,
  exact = false,
  observe?: Observe,
): ThreadTime[] {
  const run = new PipelineRun(deal(classes, threads), threads, transfers, startUs, observe);
  run.play(exact);
  return run.result();
}

class PipelineRun {
  private readonly segments: readonly Segment[];
  private readonly threads: number;
  private readonly transfers: Transfers;
  private readonly observe: Observe | undefined;
  private readonly queues: number;
  private readonly buffers: number;
  private readonly rounds: number;
  /** All moments in one array, so that a period is skipped by adding to each. */
  private readonly moments: Float64Array;
  private readonly spent: Float64Array;
  private readonly loadEnd: number;
  private readonly storeEnd: number;
  private readonly queueFree: number;
  private readonly completions: number;
  private readonly depth: number;
  private readonly pointers: Int32Array;

  constructor(
    segments: readonly Segment[],
    threads: number,
    transfers: Transfers,
    startUs: number,
    observe: Observe | undefined,
  ) {
    this.segments = segments;
    this.threads = threads;
    this.transfers = transfers;
    this.observe = observe;
    this.queues = Math.min(transfers.queues, threads);
    this.buffers = transfers.buffers;
    this.rounds = segments.reduce((sum, { rounds }) => sum + rounds, 0);
    const descriptors = Math.max(
      ...segments.flatMap(({ tiles }) =>
        tiles.map((tile) => (tile === undefined ? 0 : tile.loadDescriptors + tile.storeDescriptors)),
      ),
      0,
    );
    const outstanding = Math.ceil(threads / this.queues) * this.buffers * descriptors;
    this.depth = outstanding > transfers.queueDepth ? transfers.queueDepth : 0;
    this.loadEnd = threads;
    this.storeEnd = this.loadEnd + threads * this.buffers;
    this.queueFree = this.storeEnd + threads * this.buffers;
    this.completions = this.queueFree + this.queues;
    this.moments = new Float64Array(this.completions + this.queues * this.depth).fill(startUs);
    this.spent = new Float64Array(threads * 3);
    this.pointers = new Int32Array(this.queues);
  }

  play(exact: boolean): void {
    if (this.transfers.kind === 'dma') {
      for (let ahead = 0; ahead < this.buffers - 1; ahead++) {
        for (let thread = 0; thread < this.threads; thread++) this.load(thread, ahead);
      }
    }
    let first = 0;
    for (const { rounds } of this.segments) {
      this.playSegment(first, first + rounds, exact);
      first += rounds;
    }
    for (let thread = 0; thread < this.threads; thread++) this.drain(thread);
  }

  result(): ThreadTime[] {
    return Array.from({ length: this.threads }, (_, thread) => ({
      end: this.moments[thread],
      compute: this.spent[thread * 3],
      memory: this.spent[thread * 3 + 1],
      dma: this.spent[thread * 3 + 2],
    }));
  }

  /** Rounds first … end − 1, all of the same tiles. Loads reach up to `buffers − 1` rounds ahead. */
  private playSegment(first: number, end: number, exact: boolean): void {
    const last = end - (this.buffers - 1);
    const history: Float64Array[] = [];
    let since = first;
    for (let round = first; round < end; round++) {
      this.playRound(round);
      if (exact || round + 1 >= last || end - first <= PERIODS) continue;
      history.push(Float64Array.from([...this.moments, ...this.spent]));
      const period = this.period(history, round + 1 - since);
      if (period > 0) {
        const times = Math.floor((last - (round + 1)) / period);
        if (times > 0) this.skip(history, period, times);
        round += times * period;
        history.length = 0;
        since = round + 1;
      }
    }
  }

  /** The length of the period that the last round completes, or 0. */
  private period(history: readonly Float64Array[], played: number): number {
    const now = history.length - 1;
    for (let period = 1; period <= Math.min(PERIODS, now); period++) {
      if (period % this.buffers !== 0 && this.buffers > 1) continue;
      if (this.repeats(history[now], history[now - period])) return period;
    }
    const half = (PATIENCE >> 1) - ((PATIENCE >> 1) % Math.max(1, this.buffers));
    return played >= PATIENCE && now >= half ? half : 0;
  }

  private repeats(now: Float64Array, then: Float64Array): boolean {
    const shift = now[0] - then[0];
    for (let i = 1; i < this.moments.length; i++) {
      if (Math.abs(now[i] - then[i] - shift) > 1e-9 * shift) return false;
    }
    return true;
  }

  private skip(history: readonly Float64Array[], period: number, times: number): void {
    const now = history[history.length - 1];
    const then = history[history.length - 1 - period];
    const shift = now[0] - then[0];
    for (let i = 0; i < this.moments.length; i++) this.moments[i] += times * shift;
    for (let i = 0; i < this.spent.length; i++) {
      this.spent[i] += times * (now[this.moments.length + i] - then[this.moments.length + i]);
    }
  }

  private tile(thread: number, round: number): TileCost | undefined {
    let before = 0;
    for (const { rounds, tiles } of this.segments) {
      if (round < before + rounds) return tiles[thread];
      before += rounds;
    }
    return undefined;
  }

  /** Threads that have a tile in this round: those that share a path. */
  private users(round: number): number {
    let users = 0;
    for (let thread = 0; thread < this.threads; thread++) if (this.tile(thread, round) !== undefined) users++;
    return Math.max(1, users);
  }

  private playRound(round: number): void {
    const isCopy = this.transfers.kind === 'copy';
    for (let thread = 0; thread < this.threads; thread++) {
      if (isCopy) this.copyRound(thread, round);
      else this.dmaRound(thread, round);
    }
  }

  private copyRound(thread: number, round: number): void {
    const tile = this.tile(thread, round);
    if (tile === undefined) return;
    const usPerByte = this.transfers.usPerByte(this.users(round));
    this.spend(thread, 1, tile.loadBytes * usPerByte, 'copy-in', round);
    this.spend(thread, 0, tile.computeUs, 'compute', round);
    this.spend(thread, 1, tile.storeBytes * usPerByte, 'copy-out', round);
  }

  /** Write back the tile before, ask for the one `buffers − 1` ahead, wait for this one, compute. */
  private dmaRound(thread: number, round: number): void {
    this.store(thread, round - 1);
    if (this.transfers.waitForWriteBack && round > 0) this.waitUntil(thread, this.storeEnd, round - 1);
    this.load(thread, round + this.buffers - 1);
    const tile = this.tile(thread, round);
    if (tile === undefined) return;
    this.waitUntil(thread, this.loadEnd, round);
    if (round >= this.buffers) this.waitUntil(thread, this.storeEnd, round - this.buffers);
    this.spend(thread, 0, tile.computeUs, 'compute', round);
  }

  private drain(thread: number): void {
    if (this.transfers.kind === 'copy') return;
    this.store(thread, this.rounds - 1);
    for (let back = Math.min(this.buffers, this.rounds); back >= 1; back--) {
      this.waitUntil(thread, this.storeEnd, this.rounds - back);
    }
  }

  private load(thread: number, round: number): void {
    const tile = round < this.rounds ? this.tile(thread, round) : undefined;
    if (tile !== undefined) this.transfer(thread, round, tile.loadBytes, tile.loadDescriptors, 'load');
  }

  private store(thread: number, round: number): void {
    const tile = round >= 0 ? this.tile(thread, round) : undefined;
    if (tile !== undefined) this.transfer(thread, round, tile.storeBytes, tile.storeDescriptors, 'store');
  }

  private transfer(
    thread: number,
    round: number,
    bytes: number,
    descriptors: number,
    what: 'load' | 'store',
  ): void {
    const queue = thread % this.queues;
    const slot = (what === 'load' ? this.loadEnd : this.storeEnd) + this.slot(thread, round);
    const users = Math.min(this.queues, this.users(round));
    if (this.depth > 0) this.waitForRoom(thread, queue, descriptors);
    const start = Math.max(this.moments[thread], this.moments[this.queueFree + queue]);
    const took = descriptors * this.transfers.setupUs + bytes * this.transfers.usPerByte(users);
    this.moments[this.queueFree + queue] = start + took;
    this.moments[slot] = start + took;
    for (let i = 0; this.depth > 0 && i < descriptors; i++) {
      this.moments[this.completions + queue * this.depth + this.pointers[queue]] = start + took;
      this.pointers[queue] = (this.pointers[queue] + 1) % this.depth;
    }
    if (took > 0) this.tell('queue', queue, thread, what, round, start, start + took);
  }

  /** A full queue holds its thread until the descriptors it needs are free. */
  private waitForRoom(thread: number, queue: number, descriptors: number): void {
    const needed = Math.min(descriptors, this.depth) - 1;
    const place = (this.pointers[queue] + Math.max(0, needed)) % this.depth;
    this.wait(thread, this.moments[this.completions + queue * this.depth + place]);
  }

  private slot(thread: number, round: number): number {
    return thread * this.buffers + (round % this.buffers);
  }

  private waitUntil(thread: number, what: number, round: number): void {
    this.wait(thread, this.moments[what + this.slot(thread, round)], round);
  }

  private wait(thread: number, until: number, round = 0): void {
    const now = this.moments[thread];
    if (until <= now) return;
    this.spent[thread * 3 + 2] += until - now;
    this.moments[thread] = until;
    this.tell('thread', thread, thread, 'wait', round, now, until);
  }

  private spend(
    thread: number,
    account: 0 | 1,
    us: number,
    what: PipelineEvent['what'],
    round: number,
  ): void {
    const start = this.moments[thread];
    this.moments[thread] += us;
    this.spent[thread * 3 + account] += us;
    if (us > 0) this.tell('thread', thread, thread, what, round, start, start + us);
  }

  private tell(
    track: PipelineEvent['track'],
    index: number,
    thread: number,
    what: PipelineEvent['what'],
    round: number,
    start: number,
    end: number,
  ): void {
    if (this.observe === undefined) return;
    const tile = round * this.threads + thread;
    this.observe({ track, index, thread, what, tile, buffer: round % this.buffers, start, end });
  }
}

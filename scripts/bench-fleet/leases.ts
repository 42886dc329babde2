import { type Random, randomFor } from '../../search-space/random.ts';
import { answerTo, BEAT_MS, CLAIM_MS, Leases } from '../../src/fleet/lease-rules.ts';
import type { Answer } from '../../src/fleet/messages.ts';
import { Calendar } from './calendar.ts';
import { type Device, newWorker, type Worker } from './made-up-devices.ts';

/** What became of so many leases on made-up devices, whose workers, networks and Redis fail at random. */
export type LeaseCount = Readonly<{
  leases: number;
  jobs: number;
  /** A device executed two programs at once. */
  overlaps: number;
  /** A program ran on although its worker's claim had ended, and the worker could see that. */
  unclaimed: number;
  /** A job was asked for and not counted within ten minutes, or counted twice, or by an answer under another lease. */
  lost: number;
  doubled: number;
  wrong: number;
  /** Two handings-out had the same number. */
  sameLease: number;
  /** Answers that were refused, as they had the lease of another handing-out. */
  stale: number;
  /** Answers that a worker had kept. */
  kept: number;
  failures: Readonly<Record<Failure, number>>;
}>;

type Failure = 'killed' | 'stopped' | 'cut off' | 'Redis emptied' | 'daemon restarted';

/** How long a program runs at most, in milliseconds: longer than a claim now and then. */
const LONGEST_MS = 2000;
const DEVICES = 64;
const TOO_LATE_MS = 600_000;
/** A failure every so many milliseconds, somewhere. */
const FAILURE_MS = 150;

/**
 * The rules that daemon and workers follow (`src/fleet/lease-rules.ts`), under a made-up clock. The queue is worse than
 * BullMQ: it hands a job out again whenever its worker is not seen, and takes any answer to a job that it knows.
 */
export function countLeases(most: number, seed = 1): LeaseCount {
  return new Leasing(most, randomFor('leases', seed)).run();
}

class Leasing {
  readonly #most: number;
  readonly #random: Random;
  #leases = new Leases();
  readonly #used = new Set<number>();
  #countedMs = 0;
  #unclaimed = 0;
  #wrong = 0;
  #sameLease = 0;
  readonly #devices: readonly Device[];
  readonly #counted = new Map<string, number>();
  /** Where each open job was handed out; undefined while nobody has it. */
  readonly #open = new Map<string, number | undefined>();
  readonly #events = new Calendar();
  readonly #failures = { killed: 0, stopped: 0, 'cut off': 0, 'Redis emptied': 0, 'daemon restarted': 0 };
  #now = 1;
  #instances = 0;
  #jobs = 0;
  #handedOut = 0;
  #overlaps = 0;
  #stale = 0;
  #kept = 0;

  constructor(most: number, random: Random) {
    this.#most = most;
    this.#random = random;
    this.#devices = Array.from({ length: DEVICES }, () => ({
      queue: new Map(),
      claim: undefined,
      worker: newWorker(++this.#instances),
      program: undefined,
    }));
  }

  run(): LeaseCount {
    for (const [place] of this.#devices.entries()) this.#beat(place, this.#devices[place].worker);
    this.#every(20, () => this.#daemon());
    this.#every(FAILURE_MS, () => this.#fail());
    while (this.#handedOut < this.#most || this.#open.size > 0) {
      const event = this.#events.next();
      this.#now = event.atMs;
      if (this.#now - this.#countedMs > TOO_LATE_MS) break;
      event.act();
    }
    const counts = [...this.#counted.values()];
    return {
      leases: this.#handedOut,
      jobs: this.#jobs,
      overlaps: this.#overlaps,
      unclaimed: this.#unclaimed,
      lost: this.#jobs - this.#counted.size,
      wrong: this.#wrong,
      sameLease: this.#sameLease,
      doubled: counts.filter((count) => count > 1).length,
      stale: this.#stale,
      kept: this.#kept,
      failures: this.#failures,
    };
  }

  /** Counts answers, hands lost jobs out again, and asks for more. */
  #daemon(): void {
    for (const [id, place] of this.#open) {
      if (place === undefined) this.#handOut(id);
      else this.#look(id, place);
    }
    while (this.#handedOut < this.#most && this.#open.size < 2 * DEVICES) {
      const id = `job-${this.#jobs++}`;
      this.#open.set(id, undefined);
      this.#handOut(id);
    }
  }

  #look(id: string, place: number): void {
    const { queue, claim } = this.#devices[place];
    const queued = queue.get(id);
    const isThere = claim !== undefined && claim.until > this.#now;
    if (queued === undefined) return void this.#open.set(id, undefined);
    if (queued.answer !== undefined) {
      const answer = answerTo(id, queued, queued.answer);
      queue.delete(id);
      if (answer === undefined) {
        this.#stale++;
        this.#open.set(id, undefined);
        return;
      }
      this.#counted.set(id, (this.#counted.get(id) ?? 0) + 1);
      this.#countedMs = this.#now;
      if (queued.measuredUnder !== queued.lease) this.#wrong++;
      this.#open.delete(id);
      return;
    }
    if (isThere) return;
    // A device that is not seen loses its jobs; its worker may have one in its hands.
    queue.delete(id);
    this.#open.set(id, undefined);
  }

  #handOut(id: string): void {
    const place = this.#freePlace();
    if (place === undefined) return;
    const lease = this.#leases.next(this.#now);
    if (this.#used.has(lease)) this.#sameLease++;
    this.#used.add(lease);
    this.#devices[place].queue.set(id, { lease, taken: false });
    this.#handedOut++;
    this.#open.set(id, place);
    this.#take(place);
  }

  /** One whose claim stands and whose queue is short, the first from anywhere on; undefined where there is none. */
  #freePlace(): number | undefined {
    const from = Math.floor(this.#random() * DEVICES);
    for (let n = 0; n < DEVICES; n++) {
      const place = (from + n) % DEVICES;
      const { claim, queue } = this.#devices[place];
      if (claim !== undefined && claim.until > this.#now && queue.size < 2) return place;
    }
    return undefined;
  }

  /** A worker renews its claim, and takes a job if it has none. */
  #beat(place: number, worker: Worker): void {
    if (!worker.alive) return;
    const device = this.#devices[place];
    const isReached = this.#now >= worker.stoppedUntil && this.#now >= worker.cutUntil;
    const { claim } = device;
    const isFree = claim === undefined || claim.until <= this.#now || claim.instance === worker.instance;
    if (isReached && isFree) {
      device.claim = { instance: worker.instance, until: this.#now + CLAIM_MS };
      worker.claimedMs = this.#now;
      worker.hold.renewed(this.#now);
      this.#take(place);
    }
    this.#events.add(this.#now + BEAT_MS, () => this.#beat(place, worker));
  }

  #take(place: number): void {
    const { queue, worker } = this.#devices[place];
    const isReached = this.#now >= worker.stoppedUntil && this.#now >= worker.cutUntil;
    if (!worker.alive || worker.busy || !isReached || !worker.hold.isHeld(this.#now)) return;
    const [id, queued] = [...queue].find(([, { answer, taken }]) => answer === undefined && !taken) ?? [];
    if (id === undefined || queued === undefined) return;
    const kept = worker.kept.to({ id, lease: queued.lease });
    queued.taken = true;
    if (kept !== undefined) {
      this.#kept++;
      queued.answer = kept;
      queued.measuredUnder = queued.lease;
      this.#take(place);
    } else this.#execute(place, worker, id, queued.lease);
  }

  #execute(place: number, worker: Worker, id: string, lease: number): void {
    const device = this.#devices[place];
    if (device.program !== undefined) this.#overlaps++;
    const program = {};
    device.program = program;
    worker.busy = true;
    const endMs = this.#now + 1 + this.#random() * (this.#random() < 0.01 ? 5 * LONGEST_MS : LONGEST_MS / 10);
    const look = (): void => {
      if (!worker.alive) return;
      // A worker that is stopped does not see the time; its program ends by itself.
      if (this.#now < worker.stoppedUntil) {
        if (this.#now >= endMs && device.program === program) device.program = undefined;
        this.#events.add(Math.min(worker.stoppedUntil, Math.max(endMs, this.#now + 1)), look);
        return;
      }
      if (this.#now - worker.claimedMs > CLAIM_MS && this.#now - worker.stoppedUntil > BEAT_MS)
        this.#unclaimed++;
      const isOver = this.#now >= endMs;
      const isHeld = worker.hold.isHeld(this.#now);
      if (!isOver && isHeld) {
        this.#events.add(Math.min(endMs, this.#now + BEAT_MS / 4), look);
        return;
      }
      if (device.program === program) device.program = undefined;
      worker.busy = false;
      if (isOver && isHeld) this.#answer(place, worker, { kind: 'measured', id, lease, measured: [] });
      this.#take(place);
    };
    this.#events.add(Math.min(endMs, this.#now + BEAT_MS / 4), look);
  }

  #answer(place: number, worker: Worker, answer: Answer): void {
    worker.kept.keep(answer);
    const queued = this.#devices[place].queue.get(answer.id);
    if (queued === undefined) return;
    if (this.#now < worker.cutUntil) queued.taken = false;
    else if (queued.answer === undefined) {
      queued.answer = answer;
      queued.measuredUnder = answer.lease;
    }
  }

  #fail(): void {
    const dice = this.#random();
    const place = Math.floor(this.#random() * DEVICES);
    const { worker } = this.#devices[place];
    if (dice < 0.4) this.#kill(place);
    else if (dice < 0.6)
      this.#during('stopped', () => {
        worker.stoppedUntil = Math.max(worker.stoppedUntil, this.#now + this.#random() * 15_000);
      });
    else if (dice < 0.8)
      this.#during('cut off', () => {
        worker.cutUntil = Math.max(worker.cutUntil, this.#now + this.#random() * 60_000);
      });
    else if (dice < 0.9) this.#during('Redis emptied', () => this.#emptied());
    else this.#during('daemon restarted', () => this.#restarted());
  }

  #during(what: Failure, act: () => void): void {
    this.#failures[what]++;
    act();
  }

  #emptied(): void {
    for (const device of this.#devices) {
      device.queue.clear();
      device.claim = undefined;
    }
  }

  /** It asks for the same jobs by the same ids: those that a queue has are waited for where they are. */
  #restarted(): void {
    this.#leases = new Leases();
    for (const id of this.#open.keys()) {
      const place = this.#devices.findIndex(({ queue }) => queue.has(id));
      this.#open.set(id, place < 0 ? undefined : place);
    }
  }

  /** The next worker of the host ends what is left of the program before it measures. */
  #kill(place: number): void {
    this.#failures.killed++;
    const device = this.#devices[place];
    device.worker.alive = false;
    this.#events.add(this.#now + this.#random() * 10_000, () => {
      if (device.worker.alive) return;
      device.program = undefined;
      for (const queued of device.queue.values()) queued.taken = false;
      device.worker = newWorker(++this.#instances);
      this.#beat(place, device.worker);
    });
  }

  #every(ms: number, act: () => void): void {
    act();
    this.#events.add(this.#now + ms, () => this.#every(ms, act));
  }
}

import { type Decoder, decoderOf } from '../../../checking/decode.ts';
import type { Expected } from '../../../checking/expected.ts';
import type { RunnerSetup } from './messages.ts';
import { type Placement, ThreadPool } from './pool.ts';

type Content = RunnerSetup['contents'][number];

/** What an executor needs of its surroundings; all else is the same in Node and in a page. */
type Surroundings = Readonly<{
  /** Microseconds, from any start. */
  clock: () => number;
  /** Nanoseconds that each thread of the pool has spent waiting for a core so far; empty where unknown. */
  waits: () => readonly number[];
}>;

type Timed = Readonly<{ timeUs: number; calls: number; waited: number }>;

/** The time of some calls together, and how long of it a thread waited for a core. */
type Stretch = Readonly<{ timeUs: number; waitedUs: number }>;

/** The shortest sample that is believed: timer errors are under 0.2 % of it. */
const SAMPLE_US = 300;
const PROBES = 5;
/** A call this long is a sample by itself, whatever disturbed the first two. */
const LONG_CALL_US = 10 * SAMPLE_US;
/** A call this long needs none to warm up: what is cold at its beginning is a small part of it. */
const LONGEST_WARM_UP_US = 100_000;
/**
 * What a kernel changes in place drifts from call to call, often into denormals, which take a hundred
 * times as long: no copy of the data serves more calls than this before it is renewed.
 */
const CALLS_IN_PLACE = 4;

/** Holds the data, loads variants, checks them and times them. */
export class Executor {
  private readonly bytes: Uint8Array;
  private readonly calls = new Map<number, number>();
  /** Calls before the data must be renewed, which no time includes. */
  private readonly mostCalls: number;
  readonly pool: ThreadPool;

  constructor(
    private readonly memory: WebAssembly.Memory,
    private readonly setup: RunnerSetup,
    private readonly around: Surroundings,
  ) {
    this.bytes = new Uint8Array(memory.buffer);
    this.pool = new ThreadPool(memory, setup.workers, setup);
    const drifts = setup.contents.some(isInPlace);
    this.mostCalls = drifts ? CALLS_IN_PLACE * setup.operands.length : Number.POSITIVE_INFINITY;
    this.fill();
  }

  load(placement: Placement): void {
    this.pool.load(placement);
  }

  /** What is wrong with a variant's result, or undefined. Runs it on fresh data. */
  verify(id: number): string | undefined {
    this.fill();
    this.pool.call(id, 1);
    for (const expected of this.setup.expected) {
      const wrong = firstWrong(
        expected,
        decoderOf(expected.dtype, this.memory.buffer),
        this.addressOf(expected),
      );
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  }

  /** A number that all bytes of all written operands decide. */
  digest(): number {
    let hash = 0;
    this.setup.contents.forEach(({ bytes, written }, operand) => {
      if (written) hash = mix(hash, this.memory.buffer, this.setup.operands[0][operand], bytes);
    });
    return hash;
  }

  /** An operand's bytes as they are now. */
  read(operand: number): Uint8Array<ArrayBuffer> {
    const address = this.setup.operands[0][operand];
    return new Uint8Array(this.bytes.subarray(address, address + this.setup.contents[operand].bytes));
  }

  /** One sample: as many calls as make it long enough, or one where that is longer. */
  sample(id: number): Timed {
    const known = this.calls.get(id);
    if (known !== undefined) return sampleOf(this.time(id, known), known);
    const first = this.time(id, 1);
    if (first.timeUs >= LONGEST_WARM_UP_US) {
      this.calls.set(id, 1);
      return sampleOf(first, 1);
    }
    const calls = this.calibrate(id, first.timeUs);
    return sampleOf(this.time(id, calls), calls);
  }

  /** A second call to warm up, then the shortest of five says how many calls make a sample. */
  private calibrate(id: number, firstUs: number): number {
    if (Math.min(firstUs, this.time(id, 1).timeUs) >= LONG_CALL_US) {
      this.calls.set(id, 1);
      return 1;
    }
    let calls = 1;
    for (;;) {
      const spans = Array.from({ length: PROBES }, () => this.time(id, calls).timeUs);
      const shortest = Math.min(...spans);
      if (shortest >= SAMPLE_US / 10) {
        const needed = Math.ceil((calls * SAMPLE_US) / shortest);
        this.calls.set(id, needed);
        return needed;
      }
      calls *= 8;
    }
  }

  /** Calls in stretches, each on data that has not drifted. Waiting is that of the thread that waited most. */
  private time(id: number, calls: number): Stretch {
    let [timeUs, waitedUs] = [0, 0];
    for (let left = calls; left > 0; left -= this.mostCalls) {
      if (this.mostCalls < Number.POSITIVE_INFINITY) this.fill(isInPlace);
      const before = this.around.waits();
      timeUs += this.timeStretch(id, Math.min(left, this.mostCalls));
      const waits = this.around.waits().map((now, thread) => now - before[thread]);
      waitedUs += Math.max(0, ...waits) / 1000;
    }
    return { timeUs, waitedUs };
  }

  /** Workers that sleep since the last sample take tens of microseconds to wake: not the variant's time. */
  private timeStretch(id: number, calls: number): number {
    this.pool.rouse(id);
    const start = this.around.clock();
    this.pool.call(id, calls);
    return this.around.clock() - start;
  }

  /** Inputs from their blocks, outputs full of NaN, in every copy; this touches every page too. */
  private fill(which: (content: Content) => boolean = () => true): void {
    for (const addresses of this.setup.operands) {
      this.setup.contents.forEach((content, operand) => {
        if (!which(content)) return;
        const { bytes, block } = content;
        const region = this.bytes.subarray(addresses[operand], addresses[operand] + bytes);
        if (block === null) region.fill(0xff);
        else repeat(region, block);
      });
    }
  }

  private addressOf({ operand }: Expected): number {
    return this.setup.operands[0][operand];
  }
}

function sampleOf({ timeUs, waitedUs }: Stretch, calls: number): Timed {
  return { timeUs: timeUs / calls, calls, waited: waitedUs / timeUs };
}

/** Whether a kernel reads what it wrote in the call before. */
function isInPlace({ block, written }: Content): boolean {
  return block !== null && written;
}

function repeat(region: Uint8Array, block: Uint8Array): void {
  region.set(block.subarray(0, region.length));
  for (let filled = block.length; filled < region.length; filled += block.length) {
    region.set(block.subarray(0, Math.min(block.length, region.length - filled)), filled);
  }
}

/** FNV-1a (Fowler, Noll, Vo 1991), four bytes a step and then one. */
function mix(hash: number, buffer: ArrayBufferLike, address: number, bytes: number): number {
  const words = new Int32Array(buffer, address, bytes >> 2);
  const rest = new Uint8Array(buffer, address + (bytes & ~3), bytes & 3);
  let mixed = hash;
  for (let n = 0; n < words.length; n++) mixed = Math.imul(mixed ^ words[n], 16777619);
  for (const byte of rest) mixed = Math.imul(mixed ^ byte, 16777619);
  return mixed;
}

function firstWrong(expected: Expected, decode: Decoder, address: number): string | undefined {
  let next = 0;
  for (const { start, count } of expected.segments) {
    for (let element = start; element < start + count; element++, next++) {
      const got = decode(address, element);
      const want = expected.values[next];
      const near = Math.abs(got - want) <= expected.tolerance[next];
      if (!near && !Object.is(got, want) && got !== want) {
        return `element ${element} is ${got} instead of ${want}`;
      }
    }
  }
  return undefined;
}

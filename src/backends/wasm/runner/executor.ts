import { type Decoder, decoderOf } from './decode.ts';
import type { Expected, Setup } from './messages.ts';
import { type Placement, Pool } from './pool.ts';

/** What an executor needs of its surroundings; all else is the same in Node and in a page. */
export type Surroundings = Readonly<{
  /** Microseconds, from any start. */
  clock: () => number;
  /** Nanoseconds that each thread of the pool has spent waiting for a core so far; empty where unknown. */
  waits: () => readonly number[];
}>;

export type Timed = Readonly<{ timeUs: number; calls: number; waited: number }>;

/** The shortest sample that is believed: timer errors are under 0.2 % of it. */
const SAMPLE_US = 300;
const PROBES = 5;
/** A call this long is a sample by itself, whatever disturbed the first two. */
const LONG_CALL_US = 10 * SAMPLE_US;

/** Holds the data, loads variants, checks them and times them. */
export class Executor {
  private readonly bytes: Uint8Array;
  private readonly calls = new Map<number, number>();
  readonly pool: Pool;

  constructor(
    private readonly memory: WebAssembly.Memory,
    private readonly setup: Setup,
    private readonly around: Surroundings,
  ) {
    this.bytes = new Uint8Array(memory.buffer);
    this.pool = new Pool(memory, setup.workers, setup);
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

  /** An operand's bytes as they are now. */
  read(operand: number): Uint8Array<ArrayBuffer> {
    const address = this.setup.operands[0][operand];
    return new Uint8Array(this.bytes.subarray(address, address + this.setup.contents[operand].bytes));
  }

  /** One sample: as many calls as make it long enough, or one where that is longer. */
  sample(id: number): Timed {
    const calls = this.calls.get(id) ?? this.calibrate(id);
    const before = this.around.waits();
    const timeUs = this.time(id, calls);
    const after = this.around.waits();
    const waitedNs = Math.max(0, ...after.map((now, thread) => now - before[thread]));
    return { timeUs: timeUs / calls, calls, waited: waitedNs / 1000 / timeUs };
  }

  /** Two calls to warm up, then the shortest of five says how many calls make a sample. */
  private calibrate(id: number): number {
    if (Math.min(this.time(id, 1), this.time(id, 1)) >= LONG_CALL_US) {
      this.calls.set(id, 1);
      return 1;
    }
    let calls = 1;
    for (;;) {
      const spans = Array.from({ length: PROBES }, () => this.time(id, calls));
      const shortest = Math.min(...spans);
      if (shortest >= SAMPLE_US / 10) {
        const needed = Math.ceil((calls * SAMPLE_US) / shortest);
        this.calls.set(id, needed);
        return needed;
      }
      calls *= 8;
    }
  }

  /** Workers that sleep since the last sample take tens of microseconds to wake: not the variant's time. */
  private time(id: number, calls: number): number {
    this.pool.rouse(id);
    const start = this.around.clock();
    this.pool.call(id, calls);
    return this.around.clock() - start;
  }

  /** Inputs from their blocks, outputs full of NaN, in every copy; this touches every page too. */
  private fill(): void {
    for (const addresses of this.setup.operands) {
      this.setup.contents.forEach(({ bytes, block }, operand) => {
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

function repeat(region: Uint8Array, block: Uint8Array): void {
  region.set(block.subarray(0, region.length));
  for (let filled = block.length; filled < region.length; filled += block.length) {
    region.set(block.subarray(0, Math.min(block.length, region.length - filled)), filled);
  }
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

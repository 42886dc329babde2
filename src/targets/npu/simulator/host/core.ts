import type { Host, Latencies, SimulatedTarget } from '../../machine/schema.ts';
import type { Code, Operation } from './code.ts';
import type { HostClass } from './instructions.ts';
import { Units } from './units.ts';

type Unit = 'vector' | 'floatAdd' | 'multiply' | 'shift' | 'permute' | 'load' | 'store';

/** What an out-of-order core does in a cycle, and how long its operations take. */
export type Core = Readonly<{
  /** Operations that enter and that start in a cycle. */
  width: number;
  units: Readonly<Record<Unit, number>>;
  latency: Latencies;
  /** Cycles of a fused multiply-add. */
  fused: number;
  division: Host['division'];
  registers: number;
  /** Operations that may wait for their inputs. */
  window: number;
}>;

/** The core that a host's variant runs on; scalar code has latencies of its own. */
export function coreOf({ packet, ops, vector }: SimulatedTarget, host: Host, scalar: boolean): Core {
  const { width, load, store, multiply, shift, permute } = packet;
  const latency = scalar ? ops.scalar : ops.vector;
  return {
    width,
    units: { ...host.units, load, store, multiply, shift, permute },
    latency: whole(latency),
    fused: Math.round(host.multiplyAdd ?? latency.multiply),
    division: { ...host.division, latency: Math.round(host.division.latency) },
    registers: vector.registers,
    window: host.window,
  };
}

/** Measured latencies are never quite the whole cycles that they are. */
function whole(latency: Latencies): Latencies {
  const { load, store, alu, floatAdd, multiply, shift, permute, convert } = latency;
  return {
    load: Math.round(load),
    store: Math.round(store),
    alu: Math.round(alu),
    floatAdd: Math.round(floatAdd),
    multiply: Math.round(multiply),
    shift: Math.round(shift),
    permute: Math.round(permute),
    convert: Math.round(convert),
  };
}

const UNITS: Readonly<Record<HostClass, readonly Unit[]>> = {
  load: ['load'],
  store: ['store'],
  alu: ['vector'],
  floatAdd: ['vector', 'floatAdd'],
  multiply: ['vector', 'multiply'],
  fused: ['vector', 'multiply'],
  divide: ['vector', 'multiply'],
  shift: ['vector', 'shift'],
  permute: ['vector', 'permute'],
  convert: ['vector', 'floatAdd'],
};

/** Turns of a loop that are played before its turns are alike. */
const LEAST_TURNS = 6;
const WINDOWS = 6;

/** Cycles of a stretch of code with its loops. */
export function cyclesOf({ operations, loops }: Code, core: Core): number {
  const straight = operations.length === 0 ? 0 : new Run(operations, core).play(1);
  return loops.reduce((sum, { turns, body }) => sum + loopCycles(turns, body, core), straight);
}

function loopCycles(turns: number, body: Code, core: Core): number {
  if (body.loops.length > 0) return turns * cyclesOf(body, core);
  const played = Math.max(LEAST_TURNS, Math.ceil((WINDOWS * core.window) / body.operations.length));
  const run = new Run(body.operations, core);
  if (turns <= played) return run.play(turns);
  const half = played >> 1;
  const start = run.play(half);
  const whole = run.play(played - half);
  return whole + ((turns - played) * (whole - start)) / (played - half);
}

/**
 * A stretch, turn after turn: operations enter in order, so many a cycle and while not too many wait,
 * and start as soon as their inputs and a unit are there.
 */
class Run {
  private readonly operations: readonly Operation[];
  private readonly core: Core;
  private readonly order: readonly number[];
  private readonly units: Units<Unit>;
  private readonly starts: number[] = [];
  /** Operations that entered; the cycle of the last one; how many started by then. */
  private entered = 0;
  private cycle = 0;
  private started = 0;
  private last = 0;
  private divider = 0;
  private before: readonly number[] = [];

  constructor(operations: readonly Operation[], core: Core) {
    this.operations = operations;
    this.core = core;
    this.order = inBatchOrder(operations);
    this.units = new Units(core.units);
  }

  /** So many turns more; cycles until everything so far is done. */
  play(turns: number): number {
    for (let turn = 0; turn < turns; turn++) this.before = this.turn();
    return this.last;
  }

  private turn(): readonly number[] {
    const done = new Array<number>(this.operations.length).fill(0);
    for (const place of this.order) {
      const { after, carried } = this.operations[place];
      let ready = this.enter();
      for (const input of after) ready = Math.max(ready, done[input]);
      for (const input of carried) ready = Math.max(ready, this.before[input] ?? 0);
      const start = this.start(ready, this.operations[place]);
      done[place] = start + this.takes(this.operations[place].class);
      this.last = Math.max(this.last, done[place]);
    }
    return done;
  }

  private enter(): number {
    const { width, window } = this.core;
    this.advance(Math.floor(this.entered / width));
    while (this.entered - this.started >= window) this.advance(this.cycle + 1);
    this.entered++;
    return this.cycle;
  }

  private advance(cycle: number): void {
    while (this.cycle < cycle) this.started += this.starts[++this.cycle] ?? 0;
  }

  /** Integers, which only count and address, never wait for a unit. */
  private start(ready: number, { class: kind, inVector }: Operation): number {
    const free = kind === 'divide' ? Math.max(ready, Math.ceil(this.divider)) : ready;
    const start = this.units.take(free, inVector || kind === 'store' ? UNITS[kind] : []);
    if (kind === 'divide') this.divider = Math.max(start, this.divider) + this.core.division.interval;
    this.starts[start] = (this.starts[start] ?? 0) + 1;
    if (start === this.cycle) this.started++;
    return start;
  }

  private takes(kind: HostClass): number {
    const { division, fused, latency } = this.core;
    if (kind === 'divide') return division.latency;
    return kind === 'fused' ? fused : latency[kind];
  }
}

/**
 * The order in which engines schedule a stretch: what the end needs last stands last, so that equal
 * chains stand side by side.
 */
function inBatchOrder(operations: readonly Operation[]): readonly number[] {
  const height = new Array<number>(operations.length).fill(0);
  for (let place = operations.length - 1; place >= 0; place--) {
    for (const input of operations[place].after) height[input] = Math.max(height[input], height[place] + 1);
  }
  return operations.map((_, place) => place).sort((a, b) => height[b] - height[a] || a - b);
}

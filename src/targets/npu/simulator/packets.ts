import type { Latencies, SimulatedTarget } from '../machine/schema.ts';
import { entry } from './kept.ts';
import type { OperationClass } from './machine-steps.ts';
import { PacketRoom, type Resource } from './packet-room.ts';

/** One machine operation; `after` are positions of the earlier operations that it waits for. */
export type MicroOp = Readonly<{ class: OperationClass; after: readonly number[] }>;

/**
 * The cost of a loop body: `cycles` on a thread that has its unit to itself, and `issue`, the packets among them.
 * Threads that share a unit add their packets up; the other cycles are stalls.
 */
export type PacketCost = Readonly<{ cycles: number; issue: number }>;

type Limits = SimulatedTarget['packet'];
type Format = SimulatedTarget['ops']['vectorFloats'];
type Needs = Readonly<{ resource?: Resource; amount: number }>;

const SLOT: Needs = { amount: 0 };

/** The limited units of a packet that a vector operation takes; others take a slot only. */
function vectorNeeds(kind: OperationClass, { multiply }: Limits, floats: Format): Needs {
  switch (kind) {
    case 'multiply':
      // A product of floats takes both multipliers.
      return { resource: 'multiply', amount: Math.min(2, multiply) };
    case 'integerMultiply':
      return { resource: 'multiply', amount: 1 };
    case 'floatAdd':
      return { resource: floats === 'ieee' ? 'multiply' : 'shift', amount: 1 };
    case 'normalize':
    case 'convert':
    case 'shift':
      return { resource: 'shift', amount: 1 };
    case 'alu':
      return SLOT;
    default:
      return { resource: kind, amount: 1 };
  }
}

/** The operations of a body, and what follows from slots and units alone: the packets that they take. */
export type PackedOps = Readonly<{
  ops: readonly MicroOp[];
  limits: Limits;
  needs: readonly Needs[];
  /** Packets, if nothing stalls. */
  issued: number;
}>;

/**
 * A body of vector operations. Loops that only reduce are pipelined by compilers (clang 19 for Hexagon does it), so
 * their packets are what slots and units need; in others an operation is a packet after what it waits for, but for
 * one forwarding within a packet, from a load or into a store.
 */
export function packVectors(ops: readonly MicroOp[], limits: Limits, floats: Format): PackedOps {
  const needs = ops.map(({ class: kind }) => vectorNeeds(kind, limits, floats));
  const reduces = ops.every(({ class: kind }) => kind !== 'store');
  const issued = reduces ? leastPackets(ops, limits, needs) : inPackets(ops, limits, needs, floats);
  return { ops, limits, needs, issued };
}

/** The scalar units: two loads a packet, two float or multiplying operations; a product and a sum are one. */
const SCALAR: Readonly<Partial<Record<OperationClass, Needs>>> = {
  load: { resource: 'load', amount: 1 },
  store: { resource: 'store', amount: 1 },
  multiply: { resource: 'multiply', amount: 1 },
  integerMultiply: { resource: 'multiply', amount: 1 },
  floatAdd: { resource: 'multiply', amount: 1 },
  convert: { resource: 'multiply', amount: 1 },
};
const SCALAR_LOADS = 2;

/**
 * A body of scalar operations. Compilers pipeline some of these loops and others not, so the packets are halfway
 * between what the units need and what waiting for each other takes.
 */
export function packScalar(given: readonly MicroOp[], packet: Limits): PackedOps {
  const ops = fused(given);
  const limits = { ...packet, load: SCALAR_LOADS };
  const needs = ops.map(({ class: kind }) => SCALAR[kind] ?? SLOT);
  const waiting = scheduled({ ops, limits, needs }, (input, user) =>
    ops[user].class === 'store' && ops[input].class !== 'load' ? 0 : 1,
  );
  const issued = (leastPackets(ops, limits, needs) + length(waiting)) / 2;
  return { ops, limits, needs, issued };
}

/** What a packed body costs where results take so long, and so many of them fit the register file. */
export function packetCost(packed: PackedOps, latency: Latencies, registers: number): PacketCost {
  const { ops, issued } = packed;
  const cycles = ops.map(({ class: kind }) => latency[latencyClass(kind)]);
  const { start, alive } = placed(packed, latency, cycles);
  const end = endOf(ops, start, (place) => cycles[place]);
  // Values alive beyond the register file are spilled: a store and a load each.
  const spills = 2 * Math.max(0, alive - registers);
  return { cycles: Math.max(1, end, issued) + spills, issue: issued + spills };
}

/** Where the operations of a body go, and the most results that are alive at a time. */
type Placed = Readonly<{ start: readonly number[]; alive: number }>;

/** How many latencies a body's places are kept for: fits and parameter sets ask for the same again. */
const MOST_KEPT = 64;
const kept = new WeakMap<PackedOps, Map<string, Placed>>();

/** Operations start in whole cycles, so only whole latencies matter to where they go. */
function placed(packed: PackedOps, latency: Latencies, cycles: readonly number[]): Placed {
  const ofBody = entry(kept, packed, () => new Map());
  const key = Object.values(latency).map(Math.ceil).join(' ');
  const known = ofBody.get(key);
  if (known !== undefined) return known;
  const start = scheduled(packed, (input) => Math.ceil(cycles[input]));
  const found = { start, alive: mostAlive(packed.ops, start) };
  if (ofBody.size >= MOST_KEPT) ofBody.clear();
  ofBody.set(key, found);
  return found;
}

function latencyClass(kind: OperationClass): keyof Latencies {
  return kind === 'normalize' ? 'convert' : kind === 'integerMultiply' ? 'multiply' : kind;
}

/**
 * List scheduling: each operation goes into the first packet that its inputs' latencies, the slots and the units
 * allow, so interleaved copies of an unrolled body fill each other's stalls.
 */
function scheduled(
  { ops, limits, needs }: Omit<PackedOps, 'issued'>,
  latency: (input: number, user: number) => number,
): readonly number[] {
  const room = new PacketRoom(limits);
  const start: number[] = [];
  for (const [place, { after }] of ops.entries()) {
    let ready = 0;
    for (const input of after) ready = Math.max(ready, start[input] + latency(input, place));
    const { resource, amount } = needs[place];
    start.push(room.take(Math.ceil(ready), resource, amount));
  }
  return start;
}

/** When the last result is there; nothing waits for a store. */
function endOf(
  ops: readonly MicroOp[],
  start: readonly number[],
  latency: (place: number) => number,
): number {
  return start.reduce(
    (end, from, place) => Math.max(end, from + (ops[place].class === 'store' ? 1 : latency(place))),
    0,
  );
}

/** The packets of a body whose operations follow each other at once. */
function inPackets(ops: readonly MicroOp[], limits: Limits, needs: readonly Needs[], floats: Format): number {
  const room = new PacketRoom(limits);
  const start: number[] = [];
  /** Whether an operation uses what a load brings in its own packet. */
  const fed: boolean[] = [];
  for (const [place, { class: kind, after }] of ops.entries()) {
    let ready = 0;
    for (const input of after) {
      const from = ops[input].class;
      const late = floats === 'ieee' && (from === 'multiply' || from === 'floatAdd');
      const forwards = from === 'load' ? kind !== 'store' : kind === 'store' && !fed[input] && !late;
      ready = Math.max(ready, start[input] + (forwards ? 0 : 1));
    }
    const { resource, amount } = needs[place];
    const cycle = room.take(ready, resource, amount);
    start.push(cycle);
    fed.push(after.some((input) => ops[input].class === 'load' && start[input] === cycle));
  }
  return length(start);
}

function length(start: readonly number[]): number {
  return start.reduce((longest, cycle) => Math.max(longest, cycle + 1), 1);
}

/** The operations with each product that is only added to something taken into the sum: a multiply-add is one. */
function fused(ops: readonly MicroOp[]): readonly MicroOp[] {
  const users = ops.map(() => 0);
  for (const { after } of ops) for (const input of after) users[input]++;
  const isProduct = (input: number) => ops[input].class === 'multiply' && users[input] === 1;
  const products = ops.map((op) => (op.class === 'floatAdd' ? op.after.find(isProduct) : undefined));
  const taken = new Set(products);
  const moved: number[] = [];
  const found: MicroOp[] = [];
  for (const [place, { class: kind, after }] of ops.entries()) {
    const product = products[place];
    const inputs = product === undefined ? after : [...ops[product].after, ...after];
    const own = inputs.filter((input) => input !== product).map((input) => moved[input]);
    if (taken.has(place)) moved.push(-1);
    else moved.push(found.push({ class: product === undefined ? kind : 'multiply', after: own }) - 1);
  }
  return found;
}

/** The packets that slots and units need, if no operation had to wait. */
function leastPackets(ops: readonly MicroOp[], limits: Limits, needs: readonly Needs[]): number {
  const counts = new Map<Resource, number>();
  for (const { resource, amount } of needs) {
    if (resource !== undefined) counts.set(resource, (counts.get(resource) ?? 0) + amount);
  }
  const units = [...counts].map(([resource, count]) => count / limits[resource]);
  return Math.max(1, ops.length / limits.width, ...units);
}

/** The largest number of results alive at the same time: computed, and still needed. */
function mostAlive(ops: readonly MicroOp[], start: readonly number[]): number {
  const lastUse = start.slice();
  for (let i = 0; i < ops.length; i++) {
    for (const input of ops[i].after) lastUse[input] = Math.max(lastUse[input], start[i]);
  }
  const change: number[] = [];
  for (let i = 0; i < ops.length; i++) {
    if (lastUse[i] <= start[i]) continue;
    change[start[i]] = (change[start[i]] ?? 0) + 1;
    change[lastUse[i]] = (change[lastUse[i]] ?? 0) - 1;
  }
  let alive = 0;
  let most = 0;
  for (let cycle = 0; cycle < change.length; cycle++) {
    alive += change[cycle] ?? 0;
    most = Math.max(most, alive);
  }
  return most;
}

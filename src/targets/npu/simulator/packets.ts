import type { Latencies, MachineOpClass, SimulatedTarget } from '../machine/schema.ts';

/** One machine operation; `after` are positions of the earlier operations that it waits for. */
export type MicroOp = Readonly<{ class: MachineOpClass; after: readonly number[] }>;

/**
 * The cost of a loop body: `cycles` on a thread that has its unit to itself, and `issue`, the packets
 * that it needs whatever the latencies are (threads that share a unit add these up).
 */
export type PacketCost = Readonly<{ cycles: number; issue: number }>;

type Resource = 'load' | 'store' | 'multiply' | 'shift' | 'permute';

/** The limited unit of a packet that an operation takes; others take a slot only. */
const RESOURCE: Partial<Readonly<Record<MachineOpClass, Resource>>> = {
  load: 'load',
  store: 'store',
  multiply: 'multiply',
  floatAdd: 'multiply',
  shift: 'shift',
  convert: 'shift',
  permute: 'permute',
};

const RESOURCES: readonly Resource[] = ['load', 'store', 'multiply', 'shift', 'permute'];

/**
 * List scheduling: each operation goes into the first packet that its inputs' latencies, the slots and
 * the units allow, so interleaved copies of an unrolled body fill each other's stalls. Values alive
 * beyond the register file are spilled: a store and a load each.
 */
export function packOperations(
  ops: readonly MicroOp[],
  packet: SimulatedTarget['packet'],
  latency: Latencies,
  registers: number,
): PacketCost {
  const room = new PacketRoom(packet);
  const start = new Array<number>(ops.length).fill(0);
  let end = 0;
  for (let i = 0; i < ops.length; i++) {
    const { class: kind, after } = ops[i];
    let ready = 0;
    for (const input of after) ready = Math.max(ready, start[input] + latency[ops[input].class]);
    const cycle = room.take(Math.ceil(ready), RESOURCE[kind]);
    start[i] = cycle;
    end = Math.max(end, cycle + (kind === 'store' ? 1 : latency[kind]));
  }
  const spills = 2 * Math.max(0, mostAlive(ops, start) - registers);
  return { cycles: Math.max(1, end) + spills, issue: Math.max(1, leastPackets(ops, packet)) + spills };
}

/** The free slots and units of the packets of a body. */
class PacketRoom {
  private readonly limits: SimulatedTarget['packet'];
  private readonly used: Record<Resource | 'width', number[]> = {
    width: [],
    load: [],
    store: [],
    multiply: [],
    shift: [],
    permute: [],
  };
  /** The first packet that may have room; all before it are full. */
  private readonly open: Record<Resource | 'width', number> = {
    width: 0,
    load: 0,
    store: 0,
    multiply: 0,
    shift: 0,
    permute: 0,
  };

  constructor(limits: SimulatedTarget['packet']) {
    this.limits = limits;
  }

  /** Takes a slot in the first packet from `ready` on that has one. Returns the packet's cycle. */
  take(ready: number, resource: Resource | undefined): number {
    let cycle = Math.max(ready, this.open.width, resource === undefined ? 0 : this.open[resource]);
    while (this.isFull('width', cycle) || (resource !== undefined && this.isFull(resource, cycle))) cycle++;
    this.count('width', cycle);
    if (resource !== undefined) this.count(resource, cycle);
    return cycle;
  }

  private isFull(what: Resource | 'width', cycle: number): boolean {
    return (this.used[what][cycle] ?? 0) >= this.limits[what];
  }

  private count(what: Resource | 'width', cycle: number): void {
    const used = this.used[what];
    while (used.length <= cycle) used.push(0);
    used[cycle]++;
    while (this.isFull(what, this.open[what])) this.open[what]++;
  }
}

/** The packets needed if no operation had to wait. */
function leastPackets(ops: readonly MicroOp[], packet: SimulatedTarget['packet']): number {
  const counts: Record<Resource, number> = { load: 0, store: 0, multiply: 0, shift: 0, permute: 0 };
  for (const { class: kind } of ops) {
    const resource = RESOURCE[kind];
    if (resource !== undefined) counts[resource]++;
  }
  return Math.max(
    ops.length / packet.width,
    ...RESOURCES.map((resource) => counts[resource] / packet[resource]),
  );
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

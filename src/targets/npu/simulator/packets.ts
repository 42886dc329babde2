import type { Latencies, OpClass, SimulatedTarget } from '../machine/schema.ts';

/** One machine operation; `after` are places of earlier operations in the same list. */
export type MicroOp = Readonly<{ class: OpClass; after: readonly number[] }>;

/**
 * What one loop body costs: `cycles` on a thread that has its unit to itself, and `issue`, the
 * packets it needs whatever the latencies (threads that share a unit share these).
 */
export type Schedule = Readonly<{ cycles: number; issue: number }>;

type Resource = 'load' | 'store' | 'multiply' | 'shift' | 'permute';

/** Which of a packet's limited units an operation takes; the rest take a slot only. */
const RESOURCE: Partial<Readonly<Record<OpClass, Resource>>> = {
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
 * Packs operations into packets: each in the first packet that its inputs' latencies, the packet's
 * slots and the units leave free. Interleaved copies of an unrolled body fill each other's stalls.
 * Values alive beyond the register file are spilled and filled, a store and a load each.
 */
export function schedule(
  ops: readonly MicroOp[],
  packet: SimulatedTarget['packet'],
  latency: Latencies,
  registers: number,
): Schedule {
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

/** What the packets of a body still have room for. */
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
  /** Packets before these are full. */
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

  /** Takes a place in the first packet from `ready` on that has one, and says which it is. */
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

/** The packets needed if nothing ever waited. */
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

/** The largest number of results that are computed and still needed at a time. */
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

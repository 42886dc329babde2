import type { SimulatedTarget } from '../machine/schema.ts';

/** A unit of which a packet has few. */
export type Resource = 'load' | 'store' | 'multiply' | 'shift' | 'permute';

type Kind = Resource | 'width';

const none = (): Record<Kind, number> => ({ width: 0, load: 0, store: 0, multiply: 0, shift: 0, permute: 0 });

/** The free slots and units of the packets of a body. */
export class PacketRoom {
  private readonly limits: SimulatedTarget['packet'];
  /** What is used of each packet; undefined where nothing is. */
  private readonly used: (Record<Kind, number> | undefined)[] = [];
  /** The first packet that may have a slot; all before it are full. */
  private open = 0;

  constructor(limits: SimulatedTarget['packet']) {
    this.limits = limits;
  }

  /** Takes a slot, and so much of a unit, in the first packet from `ready` on that has both. Returns its cycle. */
  take(ready: number, resource: Resource | undefined, amount: number): number {
    let cycle = Math.max(ready, this.open);
    while (!this.has(cycle, 'width', 1) || (resource !== undefined && !this.has(cycle, resource, amount)))
      cycle++;
    let packet = this.used[cycle];
    if (packet === undefined) {
      packet = none();
      this.used[cycle] = packet;
    }
    packet.width++;
    if (resource !== undefined) packet[resource] += amount;
    while (!this.has(this.open, 'width', 1)) this.open++;
    return cycle;
  }

  private has(cycle: number, kind: Kind, amount: number): boolean {
    return (this.used[cycle]?.[kind] ?? 0) + amount <= this.limits[kind];
  }
}

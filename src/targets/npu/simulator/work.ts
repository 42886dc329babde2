import type { IndexMap } from '../../../kernels/ir.ts';
import type { Extents, LoopNest, LoweredKernel } from '../../../lowering/lowered-kernel.ts';
import { tileElements, tileExtents, tileFootprint } from '../../../lowering/tiles.ts';
import type { SimulatedTarget } from '../machine/schema.ts';
import { type Body, makeBody } from './body.ts';
import { bodyBytes, nestCost } from './compute.ts';
import { countedNest } from './counted.ts';
import { entry } from './kept.ts';
import { matrixBytes, matrixProductOf } from './matrix-product.ts';
import { directRate, homeShares, usPerByte } from './residency.ts';
import type { SimulatedSchedule } from './schedule.ts';
import type { TileClass } from './tile-transfers.ts';
import { nestTraffic, rowFootprint } from './traffic.ts';
import { transferBytes } from './transfer-bytes.ts';

/** How long a thread computes on a piece of work, and how much longer its memory accesses make it. */
export type Work = Readonly<{ computeUs: number; memoryUs: number }>;

/**
 * The cost of a kernel's work on a target. Loop bodies are scheduled once for each vector width and
 * unroll factor and kept; everything else is computed for each configuration.
 */
export class WorkModel {
  readonly lowered: LoweredKernel;
  readonly target: SimulatedTarget;
  /** The share of each memory level in serving the first touch of each byte of a call. */
  readonly home: readonly number[];
  /** Distinct bytes that a call touches. */
  readonly touchedBytes: number;
  /** Those scheduled so far, which models share whose machines compute alike. */
  readonly bodies: Map<string, Body>;

  constructor(lowered: LoweredKernel, target: SimulatedTarget) {
    this.lowered = lowered;
    this.target = target;
    this.bodies = bodiesOf(lowered, target);
    this.touchedBytes = lowered.operands.reduce(
      (sum, one) => sum + tileElements(one, lowered.extents) * one.elementBytes,
      0,
    );
    this.home = homeShares(this.touchedBytes, target.memory, target.measurement.residency);
  }

  /**
   * µs for the nests over a tile of `extents` whose operands are in the scratchpad. Each of the `owners`, which
   * have tiles of their own, finishes what it has summed.
   */
  staged(schedule: SimulatedSchedule, extents: Extents, threadsPerUnit: number, owners: number): number {
    const share = Math.min(1, owners * this.streamedShare(extents));
    let us = 0;
    for (const [place, nest] of this.lowered.nests.entries()) {
      const cost = nestCost(nest, this.body(place, schedule), schedule.unroll, extents, threadsPerUnit);
      const exposed = cost.scalarAccesses * this.target.scratchpad.scalarAccessNs;
      const weight = this.walksStreamed(nest) ? 1 : share;
      us += weight * (cost.cycles / this.target.clockGHz / 1000 + exposed / 1000);
    }
    return us;
  }

  /** The work on `extents` with operands used where they lie, while `users` threads do the same. */
  direct(schedule: SimulatedSchedule, extents: Extents, users: number, threadsPerUnit: number): Work {
    const { nests, shared } = this.lowered;
    const { memory, clockGHz } = this.target;
    const row = rowFootprint(nests, shared, extents);
    let computeUs = 0;
    let memoryUs = 0;
    for (const [place, nest] of nests.entries()) {
      const body = this.body(place, schedule);
      const cost = nestCost(nest, body, schedule.unroll, extents, threadsPerUnit);
      const moved = bodyBytes(nest, body, schedule.unroll, extents);
      const { first, again } = nestTraffic(nest, extents, memory, users, moved, row);
      const served = memory.map((_, level) => first * this.home[level] + again[level]);
      const isScalar = schedule.vectorBytes === 0;
      const exposedNs = isScalar ? cost.scalarAccesses * this.scalarAccessNs(served) : 0;
      const busy = cost.cycles / clockGHz / 1000 + exposedNs / 1000;
      const alone = isScalar ? busy : this.streamUs(served, busy);
      computeUs += busy;
      memoryUs += Math.max(alone, this.sharedUs(served, users)) - busy + this.streamLatencyUs();
    }
    return { computeUs, memoryUs };
  }

  /**
   * µs of a thread that has the machine to itself: what the nearest level delivers overlaps with the
   * computation, a miss beyond it stalls the in-order core.
   */
  private streamUs(served: readonly number[], busy: number): number {
    const { memory, direct } = this.target;
    let beyond = 0;
    for (let l = 1; l < memory.length; l++) {
      beyond += served[l] / Math.min(memory[l].perThreadGBs, direct.perThreadGBs) / 1000;
    }
    const near = served[0] / memory[0].perThreadGBs / 1000;
    return Math.max(busy, near) + beyond;
  }

  /** The least µs in which the memory levels can serve `users` threads that all ask for `served`. */
  private sharedUs(served: readonly number[], users: number): number {
    const { memory, direct } = this.target;
    let us = 0;
    for (let l = 0; l < memory.length; l++) {
      const total = l === 0 ? memory[l].totalGBs : Math.min(memory[l].totalGBs, direct.totalGBs);
      us += (served[l] * users) / total / 1000;
    }
    return us;
  }

  /** µs that a core's copy of one byte into the scratchpad takes, while `users` copy. */
  copyUsPerByte(users: number): number {
    const { copy, memory } = this.target;
    const own = Math.min(copy.perThreadGBs, copy.totalGBs / users);
    return usPerByte(this.home, (level) => Math.min(own, directRate(memory[level], users)));
  }

  /** µs that a byte takes by DMA, while `users` transfer, each over `queues` queues. */
  dmaUsPerByte(users: number, queues: number): number {
    const { dma, memory } = this.target;
    const own = Math.min(queues * dma.perQueueGBs, dma.totalGBs / users);
    return usPerByte(this.home, (level) => Math.min(own, memory[level].totalGBs / users));
  }

  /** The tiles of a call by size (whole ones, and those that an extent cuts short), with what each costs. */
  tiles(
    schedule: SimulatedSchedule,
    isPrivate: boolean,
    computeUs: (extents: Extents) => number,
  ): TileClass[] {
    const { lowered } = this;
    const outer = lowered.single.reduce((product, loop) => product * lowered.extents[loop], 1);
    const whole = tileExtents(lowered, schedule.sizes);
    const shares = this.fetchShares(schedule, isPrivate);
    const classes: TileClass[] = [];
    const visit = (place: number, extents: Record<string, number>, count: number): void => {
      if (count === 0) return;
      if (place === lowered.tiled.length) {
        classes.push({
          count,
          ...this.transfersOf(extents, shares, schedule.buffers),
          computeUs: computeUs(extents),
        });
        return;
      }
      const { loop, extent } = lowered.tiled[place];
      visit(place + 1, extents, count * Math.floor(extent / whole[loop]));
      const rest = extent % whole[loop];
      if (rest > 0) visit(place + 1, { ...extents, [loop]: rest }, count);
    };
    visit(0, whole, outer);
    return classes;
  }

  /** Scratchpad bytes that a schedule takes. */
  scratchpadBytes(schedule: SimulatedSchedule): number {
    if (schedule.staging === 'direct') return 0;
    const extents = tileExtents(this.lowered, schedule.sizes);
    const { operands, kept } = tileFootprint(this.lowered, extents);
    const owners = schedule.threads > 1 && schedule.split !== 'chunks' ? schedule.threads : 1;
    const product = schedule.unit === 'matrix' ? matrixProductOf(this.lowered) : undefined;
    if (product === undefined) return owners * (schedule.buffers * operands + kept);
    const tile = this.target.matrix?.tile ?? 1;
    const { own, shared } = matrixBytes(this.lowered, product, tile, extents, schedule.weights);
    return shared + owners * schedule.buffers * own;
  }

  /**
   * How often each operand is fetched, per tile. `isPrivate`: threads have tiles of their own. What stays resident is
   * fetched once for all of them.
   */
  fetchShares(schedule: SimulatedSchedule, isPrivate: boolean): readonly number[] {
    const { tiled, single, extents, operands } = this.lowered;
    const steps = tiled.map(({ extent, parameter }) => Math.ceil(extent / schedule.sizes[parameter]));
    const total = single.reduce(
      (product, loop) => product * extents[loop],
      steps.reduce((a, b) => a * b, 1),
    );
    const kept = schedule.weights === 'resident' ? matrixProductOf(this.lowered)?.right : undefined;
    return operands.map(({ name, maps }) => {
      if (name === kept) return this.piecesOf(maps, steps) / total;
      return this.transfersPerTile(maps, steps, total, isPrivate ? schedule : undefined);
    });
  }

  /** Different pieces that tiles have of an operand. */
  private piecesOf(maps: readonly IndexMap[], steps: readonly number[]): number {
    const { tiled, single, extents } = this.lowered;
    const moves = (loop: string) => maps.some(({ strides }) => (strides[loop] ?? 0) !== 0);
    const counts = [
      ...single.filter(moves).map((loop) => extents[loop]),
      ...steps.filter((_, place) => moves(tiled[place].loop)),
    ];
    return counts.reduce((product, count) => product * count, 1);
  }

  /**
   * How often an operand is fetched, per tile: once for each step of the loops down to the innermost that
   * moves it, and by each thread that has tiles of its own.
   */
  private transfersPerTile(
    maps: readonly IndexMap[],
    steps: readonly number[],
    total: number,
    owners: SimulatedSchedule | undefined,
  ): number {
    const { tiled, single, extents } = this.lowered;
    const moves = (loop: string) => maps.some(({ strides }) => (strides[loop] ?? 0) !== 0);
    const counts = [...single.map((loop) => extents[loop]), ...steps];
    const loops = [...single, ...tiled.map(({ loop }) => loop)];
    let times = 1;
    let upTo = 1;
    for (let i = 0; i < loops.length; i++) {
      upTo *= counts[i];
      if (counts[i] > 1 && moves(loops[i])) times = upTo;
    }
    if (owners === undefined || owners.threads === 1) return times / total;
    // Threads that take tiles in turn each fetch what one thread would have kept for the next tile.
    const fetches =
      owners.split === 'tiles-cyclic' ? times * owners.threads : Math.max(times, owners.threads);
    return Math.min(1, fetches / total);
  }

  private transfersOf(
    extents: Extents,
    shares: readonly number[],
    buffers: number,
  ): Omit<TileClass, 'count' | 'computeUs'> {
    const loadsOutput = buffers > 1 && this.target.compiler.habits.outputLoad;
    let loadBytes = 0;
    let loadDescriptors = 0;
    let storeBytes = 0;
    let storeDescriptors = 0;
    for (const [place, operand] of this.lowered.operands.entries()) {
      const bytes = transferBytes(operand, extents) * shares[place];
      if (operand.role !== 'output' || loadsOutput) {
        loadBytes += bytes;
        loadDescriptors += shares[place];
      }
      if (operand.role !== 'input') {
        storeBytes += bytes;
        storeDescriptors += shares[place];
      }
    }
    return { loadBytes, loadDescriptors, storeBytes, storeDescriptors };
  }

  /** The body of a nest in a width and an unrolling. */
  body(place: number, schedule: SimulatedSchedule): Body {
    const { vectorBytes, unroll, code } = schedule;
    const key = `${place}:${vectorBytes}:${unroll}:${Object.values(code).join(' ')}`;
    let body = this.bodies.get(key);
    if (body === undefined) {
      const made = makeBody(this.lowered.nests[place], this.target, vectorBytes, unroll);
      const counted = countedNest(this.lowered, place, schedule);
      body = counted === undefined ? made : { ...made, counted };
      this.bodies.set(key, body);
    }
    return body;
  }

  private walksStreamed(nest: LoopNest): boolean {
    const { streamed } = this.lowered;
    return streamed === undefined || nest.loops.includes(streamed);
  }

  /** The part of the streamed loop that a tile has. Nests outside of that loop run once for all of its tiles. */
  private streamedShare(extents: Extents): number {
    const { streamed } = this.lowered;
    return streamed === undefined ? 1 : extents[streamed] / this.lowered.extents[streamed];
  }

  private scalarAccessNs(served: readonly number[]): number {
    const total = served.reduce((sum, bytes) => sum + bytes, 0);
    return this.target.memory.reduce(
      (sum, level, i) => sum + (level.scalarAccessNs * served[i]) / Math.max(1, total),
      0,
    );
  }

  private streamLatencyUs(): number {
    return this.target.memory.reduce((sum, level, i) => sum + (level.latencyNs * this.home[i]) / 1000, 0);
  }
}

type ByPart<V> = WeakMap<object, V>;
const bodies: ByPart<ByPart<ByPart<ByPart<Map<string, Body>>>>> = new WeakMap();

/** The bodies scheduled so far. Targets share them when they differ only in other figures (parameter sets, habits). */
function bodiesOf(lowered: LoweredKernel, { ops, packet, vector }: SimulatedTarget): Map<string, Body> {
  const ofKernel = entry(bodies, lowered, () => new WeakMap());
  const ofOps = entry(ofKernel, ops, () => new WeakMap());
  const ofPacket = entry(ofOps, packet, () => new WeakMap());
  return entry(ofPacket, vector, () => new Map());
}

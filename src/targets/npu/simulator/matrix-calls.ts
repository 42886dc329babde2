import type { Extents } from '../../../lowering/lowered-kernel.ts';
import { type Contexts, threadsPerUnit, transfersOf } from './calls.ts';
import { onUnit, type Turn } from './matrix-events.ts';
import { type MatrixCycles, matrixCycles, matrixWorkOf } from './matrix-work.ts';
import { runPipeline } from './pipeline.ts';
import type { Observe, PipelineEvent } from './pipeline-event.ts';
import type { SimulatedSchedule } from './schedule.ts';
import type { TileCost } from './tile-transfers.ts';
import type { WorkModel } from './work.ts';

/**
 * A call whose products the matrix unit computes. Each thread packs tiles of its own; the unit serves one thread after
 * the other. With one buffer a thread waits for its product. With more it packs the next tile in the meantime, so that
 * in lockstep a round of tiles takes what the threads need, or what the unit needs for all of them.
 */
export function onMatrixUnit(
  model: WorkModel,
  schedule: SimulatedSchedule,
  exact: boolean,
  observe: Observe | undefined,
): Contexts {
  const { buffers } = schedule;
  const { callUs, forkJoinUs } = model.target;
  const pieces = model.tiles(schedule, true, () => 0).reduce((sum, { count }) => sum + count, 0);
  const threads = Math.min(schedule.threads, pieces);
  const turnOf = turns(model, schedule);
  const own = ({ unit, around }: Turn): number => (buffers > 1 ? Math.max(unit, around) : unit + around);
  const roundUs = (turn: Turn): number => Math.max(own(turn), threads * turn.unit);
  const seen: Turn[] = [];
  const tiles = model.tiles(schedule, true, (extents) => {
    const turn = turnOf(extents);
    seen.push(turn);
    return roundUs(turn);
  });
  const sum = (us: (turn: Turn) => number): number =>
    seen.reduce((all, turn, place) => all + tiles[place].count * us(turn), 0);
  const waitingShare = 1 - sum(own) / sum(roundUs);
  const forkJoin = callUs + (schedule.threads > 1 ? forkJoinUs : 0);
  const allocation = allocationUs(model, schedule);
  const fillUs = untilSteady(seen[0], threads, buffers);
  const start = forkJoin + allocation + fillUs;
  const turnOfTile = new Map(tiles.map((tile, place): [TileCost, Turn] => [tile, seen[place]]));
  const told = observe && onUnit(observe, buffers, (tile) => turnOfTile.get(tile));
  const times = runPipeline(tiles, schedule.threads, transfersOf(model, schedule), start, exact, told);
  return times.map(({ compute, memory, dma }, index) => {
    const tell = (what: PipelineEvent['what'], from: number, to: number): void => {
      const none = { track: 'thread', thread: index, tile: 0, buffer: 0 } as const;
      if (to > from) observe?.({ ...none, index, what, start: from, end: to });
    };
    tell('allocate', forkJoin, forkJoin + allocation);
    tell('wait', forkJoin + allocation, start);
    const waits = compute * waitingShare;
    const waiting = waits + fillUs;
    return { compute: compute - waits, memory, dma, waiting, forkJoin, allocation, idle: 0 };
  });
}

/** µs that the first and the last round take longer, because the unit or the threads have nothing to do yet. */
function untilSteady({ unit, around }: Turn, threads: number, buffers: number): number {
  const others = (threads - 1) * unit;
  if (buffers === 1) return Math.min(around, others);
  return threads * unit >= around ? around : unit;
}

function turns(model: WorkModel, schedule: SimulatedSchedule): (extents: Extents) => Turn {
  const cyclesOf = cyclesOnMatrixUnit(model, schedule);
  const toUs = (cycles: number): number => cycles / model.target.clockGHz / 1000;
  return (extents) => {
    const { products, readout, pack, rest } = cyclesOf(extents);
    return { unit: toUs(products + readout), around: toUs(pack + rest) };
  };
}

/** µs that the unit itself is busy in a call. */
export function busyUs(model: WorkModel, schedule: SimulatedSchedule): number {
  const turnOf = turns(model, schedule);
  const tiles = model.tiles(schedule, true, (extents) => turnOf(extents).unit);
  return tiles.reduce((sum, { count, computeUs }) => sum + count * computeUs, 0);
}

/** The cycles of a schedule's tiles, by their extents. */
export function cyclesOnMatrixUnit(
  model: WorkModel,
  schedule: SimulatedSchedule,
): (extents: Extents) => MatrixCycles {
  const work = matrixWorkOf(model);
  const { operands } = model.lowered;
  const shares = model.fetchShares(schedule, true);
  const shareOf = (side: string): number => shares[operands.findIndex(({ name }) => name === side)];
  const fetched = { left: shareOf(work.product.left), right: shareOf(work.product.right) };
  const perUnit = threadsPerUnit(model, schedule, schedule.threads);
  return (extents) => matrixCycles(work, schedule, extents, fetched, perUnit);
}

/** A buffer of an operand is a matrix and the stripe through which it is brought into the unit's order. */
const ARRAYS = 2;

/** Allocating and releasing the arrays of all buffers, one by one. */
function allocationUs({ lowered, target }: WorkModel, { buffers }: SimulatedSchedule): number {
  return ARRAYS * lowered.operands.length * buffers * (target.matrix?.allocationUs ?? 0);
}

import type { Extents } from '../../../lowering/lowered-kernel.ts';
import { type Contexts, threadsPerUnit, transfersOf } from './calls.ts';
import { type MatrixCycles, matrixCycles, matrixWorkOf } from './matrix-work.ts';
import { runPipeline } from './pipeline.ts';
import type { Observe } from './pipeline-event.ts';
import type { SimulatedSchedule } from './schedule.ts';
import type { WorkModel } from './work.ts';

/** µs that a thread works on a tile: on the unit, around it, and how long it waits for its turn on it. */
type Turn = Readonly<{ unit: number; around: number; waiting: number }>;

/**
 * A call whose products the matrix unit computes. Each thread packs tiles of its own; the unit serves one thread after
 * the other. In lockstep, a round of `threads` tiles takes what one thread needs alone, or what the unit needs for all.
 */
export function onMatrixUnit(
  model: WorkModel,
  schedule: SimulatedSchedule,
  exact: boolean,
  observe: Observe | undefined,
): Contexts {
  const turnOf = turns(model, schedule);
  const seen: Turn[] = [];
  const tiles = model.tiles(schedule, true, (extents) => {
    const turn = turnOf(extents);
    seen.push(turn);
    return turn.unit + turn.around + turn.waiting;
  });
  const counts = tiles.map(({ count }) => count);
  const sum = (part: keyof Turn): number => seen.reduce((all, turn, i) => all + counts[i] * turn[part], 0);
  const waitingShare = sum('waiting') / (sum('unit') + sum('around') + sum('waiting'));
  const { callUs, forkJoinUs } = model.target;
  const forkJoin = callUs + allocationUs(model, schedule) + (schedule.threads > 1 ? forkJoinUs : 0);
  // Until the threads are one turn apart from each other, some wait longer.
  const first = seen[0];
  const apart = Math.min(first.around, (schedule.threads - 1) * first.unit);
  const start = forkJoin + apart;
  const times = runPipeline(tiles, schedule.threads, transfersOf(model, schedule), start, exact, observe);
  return times.map(({ compute, memory, dma }, index) => {
    if (apart > 0)
      observe?.({
        track: 'thread',
        index,
        thread: index,
        what: 'wait',
        tile: 0,
        buffer: 0,
        start: forkJoin,
        end: start,
      });
    const waiting = compute * waitingShare;
    return { compute: compute - waiting, memory, dma, waiting: waiting + apart, forkJoin, idle: 0 };
  });
}

function turns(model: WorkModel, schedule: SimulatedSchedule): (extents: Extents) => Turn {
  const cyclesOf = cyclesOnMatrixUnit(model, schedule);
  const toUs = (cycles: number): number => cycles / model.target.clockGHz / 1000;
  return (extents) => {
    const { products, readout, pack, rest } = cyclesOf(extents);
    const unit = toUs(products + readout);
    const around = toUs(pack + rest);
    return { unit, around, waiting: Math.max(0, (schedule.threads - 1) * unit - around) };
  };
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
export function allocationUs({ lowered, target }: WorkModel, { buffers }: SimulatedSchedule): number {
  return ARRAYS * lowered.operands.length * buffers * (target.matrix?.allocationUs ?? 0);
}

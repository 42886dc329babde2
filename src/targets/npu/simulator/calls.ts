import type { Extents } from '../../../lowering/lowered-kernel.ts';
import { dealPieces, partition } from '../../../lowering/partition.ts';
import type { Breakdown } from './breakdown.ts';
import { runPipeline } from './pipeline.ts';
import type { Observe } from './pipeline-event.ts';
import type { SimulatedSchedule } from './schedule.ts';
import type { Transfers } from './tile-transfers.ts';
import type { Work, WorkModel } from './work.ts';

/** What each context of a call does; idle time at its end is not filled in yet. */
export type Contexts = Breakdown[];

/** A call that uses operands where they lie. Each thread has its piece (or chunks) of the iteration space. */
export function direct(
  model: WorkModel,
  schedule: SimulatedSchedule,
  observe: Observe | undefined,
): Contexts {
  const work = (extents: Extents, users: number) =>
    model.direct(schedule, extents, users, threadsPerUnit(model, schedule, users));
  const shares = teamWork(model, schedule, model.lowered.extents, work);
  const forkJoin = model.target.callUs + (schedule.threads > 1 ? model.target.forkJoinUs : 0);
  return shares.map(({ computeUs, memoryUs }, index) => {
    const end = forkJoin + computeUs + memoryUs;
    observe?.({
      track: 'thread',
      index,
      thread: index,
      what: 'compute',
      tile: 0,
      buffer: 0,
      start: forkJoin,
      end,
    });
    return { compute: computeUs, memory: memoryUs, dma: 0, waiting: 0, forkJoin, allocation: 0, idle: 0 };
  });
}

/** A call in which each thread has tiles of its own in the scratchpad. */
export function privateTiles(
  model: WorkModel,
  schedule: SimulatedSchedule,
  exact: boolean,
  observe: Observe | undefined,
): Contexts {
  const { target } = model;
  const { threads } = schedule;
  const share = threadsPerUnit(model, schedule, threads);
  const tiles = model.tiles(schedule, true, (extents) => model.staged(schedule, extents, share, threads));
  const forkJoin = target.callUs + (threads > 1 ? target.forkJoinUs : 0);
  const times = runPipeline(tiles, threads, transfersOf(model, schedule), forkJoin, exact, observe);
  const whole = { waiting: 0, forkJoin, allocation: 0, idle: 0 };
  return times.map(({ compute, memory, dma }) => ({ compute, memory, dma, ...whole }));
}

/** The work of each thread of a team on `extents`, dealt out in pieces or in the compiler's chunks. */
export function teamWork(
  model: WorkModel,
  { threads, split, vectorBytes }: SimulatedSchedule,
  extents: Extents,
  work: (extents: Extents, users: number) => Work,
): Work[] {
  if (threads === 1) return [work(extents, 1)];
  const { chunks } = model.target.compiler.habits;
  const parts = split === 'chunks' && chunks !== 'threads' ? chunks : threads;
  const lanes = Math.max(1, vectorBytes / Math.min(...model.lowered.nests.map((nest) => nest.laneBytes)));
  const cut = partition(model.lowered, extents, parts, lanes);
  if (cut === undefined) return [work(extents, 1)];
  const shares = dealPieces(cut, threads);
  const prices = cut.pieces.map(({ extent }) => work({ ...extents, [cut.loop]: extent }, shares.length));
  return shares.map((counts) => ({
    computeUs: counts.reduce((sum, count, size) => sum + count * prices[size].computeUs, 0),
    memoryUs: counts.reduce((sum, count, size) => sum + count * prices[size].memoryUs, 0),
  }));
}

/** Threads that share a vector unit, at least 1; scalar code needs none. */
export function threadsPerUnit(model: WorkModel, schedule: SimulatedSchedule, threads: number): number {
  return schedule.vectorBytes === 0 ? 1 : Math.max(1, threads / model.target.vectorUnits);
}

/** How tiles travel. A thread that loads tiles for the whole team spreads the operands over the queues. */
export function transfersOf(
  model: WorkModel,
  { staging, buffers, split, threads }: SimulatedSchedule,
): Transfers {
  const { dma, compiler } = model.target;
  const isCopy = staging === 'copy';
  const queues = Math.min(dma.engines, compiler.habits.dmaQueues);
  const isShared = threads > 1 && split === 'chunks';
  const striped = isShared ? queuesOfATile(model) : 1;
  return {
    kind: isCopy ? 'copy' : 'dma',
    usPerByte: (users) => (isCopy ? model.copyUsPerByte(users) : model.dmaUsPerByte(users, striped)),
    setupUs: isCopy ? 0 : dma.setupUs / striped,
    queues: isShared ? 1 : queues,
    queueDepth: striped * dma.queueDepth,
    buffers,
    waitForWriteBack: compiler.habits.writeBack === 'waited',
  };
}

/** How many queues one thread can spread a tile's operands over. */
export function queuesOfATile({ target, lowered }: WorkModel): number {
  return Math.min(target.dma.engines, target.compiler.habits.dmaQueues, lowered.operands.length);
}

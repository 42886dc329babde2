import { type Contexts, queuesOfATile, teamWork, threadsPerUnit, transfersOf } from './calls.ts';
import { runPipeline } from './pipeline.ts';
import type { Observe } from './pipeline-event.ts';
import type { SimulatedSchedule } from './schedule.ts';
import type { Work, WorkModel } from './work.ts';

/** Tiles of the same size, and how long each thread of the team computes on one of them. */
type ChunkedTiles = Readonly<{ count: number; computeUs: readonly number[] }>;

type Team = Readonly<{
  /** µs before the first tile. */
  start: number;
  /** µs that a tile's fork and join, or its two barriers, take. */
  meeting: number;
  meetsAtBarriers: boolean;
  /** Queues that each tile's transfers are spread over. */
  queues: number;
}>;

/** A call with one tile at a time, which the first thread loads and all threads share in chunks. */
export function chunked(
  model: WorkModel,
  schedule: SimulatedSchedule,
  exact: boolean,
  observe: Observe | undefined,
): Contexts {
  const { callUs, forkJoinUs, barrierUs, compiler } = model.target;
  const { forkPerTile } = compiler.habits;
  const meeting = forkPerTile ? forkJoinUs : 2 * barrierUs;
  const shares: Work[][] = [];
  const tiles = model.tiles(schedule, false, (extents) => {
    const members = teamWork(model, schedule, extents, (piece, users) => ({
      computeUs: model.staged(schedule, piece, threadsPerUnit(model, schedule, users), 1),
      memoryUs: 0,
    }));
    shares.push(members);
    return meeting + Math.max(...members.map(({ computeUs }) => computeUs));
  });
  const classes = tiles.map(({ count }, i) => ({
    count,
    computeUs: shares[i].map(({ computeUs }) => computeUs),
  }));
  const team = {
    start: callUs + (forkPerTile ? 0 : forkJoinUs),
    meeting,
    meetsAtBarriers: !forkPerTile,
    queues: queuesOfATile(model),
  };
  const watch = observe && observeTeam(classes, team, observe);
  const [leader] = runPipeline(tiles, 1, transfersOf(model, schedule), team.start, exact, watch);
  return contextsOf(classes, team, leader);
}

/** All threads of a team end with the leader; time in which they do not compute they wait. */
function contextsOf(
  classes: readonly ChunkedTiles[],
  { start, meeting, meetsAtBarriers }: Team,
  leader: Readonly<{ end: number; memory: number; dma: number }>,
): Contexts {
  const members = Math.max(...classes.map(({ computeUs }) => computeUs.length));
  const tiles = classes.reduce((sum, { count }) => sum + count, 0);
  return Array.from({ length: members }, (_, thread) => {
    const compute = classes.reduce((sum, { count, computeUs }) => sum + count * (computeUs[thread] ?? 0), 0);
    const memory = thread === 0 ? leader.memory : 0;
    const dma = thread === 0 ? leader.dma : 0;
    const forkJoin = start + (meetsAtBarriers ? 0 : tiles * meeting);
    const waiting = Math.max(0, leader.end - compute - memory - dma - forkJoin);
    return { compute, memory, dma, waiting, forkJoin, allocation: 0, idle: 0 };
  });
}

/**
 * An observer of the leader that passes on what the whole team does: a computation as that of each
 * thread, a transfer as that of each queue.
 */
function observeTeam(
  classes: readonly ChunkedTiles[],
  { meeting, meetsAtBarriers, queues }: Team,
  observe: Observe,
): Observe {
  return (event) => {
    if (event.track === 'queue') {
      for (let index = 0; index < queues; index++) observe({ ...event, index });
      return;
    }
    if (event.what !== 'compute') return observe(event);
    const { start, end } = event;
    const begin = start + meeting;
    for (const [thread, computeUs] of classOf(classes, event.tile).computeUs.entries()) {
      const own = { ...event, index: thread, thread };
      observe({ ...own, what: meetsAtBarriers ? 'wait' : 'fork-join', start, end: begin });
      observe({ ...own, what: 'compute', start: begin, end: begin + computeUs });
      if (begin + computeUs < end) observe({ ...own, what: 'wait', start: begin + computeUs, end });
    }
  };
}

function classOf(classes: readonly ChunkedTiles[], tile: number): ChunkedTiles {
  let before = 0;
  for (const found of classes) {
    before += found.count;
    if (tile < before) return found;
  }
  return classes[classes.length - 1];
}

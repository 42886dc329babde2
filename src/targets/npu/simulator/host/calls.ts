import type { Configuration } from '../../../../../search-space/parameter.ts';
import { placementOf, scheduleOf } from '../../../wasm/schedule-of.ts';
import type { Contexts } from '../calls.ts';
import { type Observe, runPipeline, type TileClass, type Transfers } from '../pipeline.ts';
import type { HostModel } from './host-model.ts';

/** What a simulated call of a host's variant does on each computing thread, and the scratchpad it takes. */
export type HostCall = Readonly<{ contexts: Contexts; scratchpadBytes: number }>;

type Asked = Readonly<{
  model: HostModel;
  configuration: Configuration;
  threads: number;
  /** Pieces of work that the first, largest share has. */
  share: number;
  /** Pieces taken at a time; 0 for one share a thread. */
  chunk: number;
  work: number;
}>;

export function hostCall(
  model: HostModel,
  configuration: Configuration,
  exact: boolean,
  observe: Observe | undefined,
): HostCall {
  const { staging } = scheduleOf(configuration);
  const generated = model.variant(configuration);
  const { threads, chunk, work, grain } = placementOf(configuration, generated, new Uint8Array(), 0);
  const share = Math.min(work, Math.ceil(work / threads / grain) * grain);
  const asked = { model, configuration, threads, chunk, work, share };
  return staging.kind === 'direct' ? direct(asked, observe) : staged(asked, staging, exact, observe);
}

function direct(
  { model, configuration, threads, chunk, work, share }: Asked,
  observe: Observe | undefined,
): HostCall {
  const { callUs, forkJoinUs } = model.target;
  const start = threads > 1 ? forkJoinUs : 0;
  const own = shares(work, share, chunk, threads);
  const contexts = own.map(({ pieces, calls }, index) => {
    const compute = calls * model.computeUs(configuration, pieces / calls);
    const memory = Math.max(0, model.directUs(pieces / work, threads) - compute);
    const forkJoin = start + calls * callUs;
    const end = forkJoin + compute + memory;
    const what = 'compute' as const;
    observe?.({ track: 'thread', index, thread: index, what, tile: 0, buffer: 0, start: forkJoin, end });
    return { compute, memory, dma: 0, waiting: 0, forkJoin, idle: 0 };
  });
  return { contexts, scratchpadBytes: 0 };
}

/** What each thread gets: its share in one call, or its turn of the chunks. */
function shares(work: number, share: number, chunk: number, threads: number) {
  const chunks = chunk === 0 ? threads : Math.ceil(work / chunk);
  const each = chunk === 0 ? share : chunk;
  return Array.from({ length: threads }, (_, thread) => {
    const calls = Math.ceil((chunks - thread) / threads);
    return { calls, pieces: Math.min(calls * each, work - thread * each) };
  }).filter(({ pieces }) => pieces > 0);
}

type Staged = Exclude<ReturnType<typeof scheduleOf>['staging'], { kind: 'direct' }>;

function staged(
  { model, configuration, threads, share, work }: Asked,
  staging: Staged,
  exact: boolean,
  observe: Observe | undefined,
): HostCall {
  const { target, bytesIn, bytesOut } = model;
  const writes = staging.scope === 'inout';
  const tileBytes = staging.tile * (bytesIn + (writes ? bytesOut : 0));
  const tileSet = staging.buffers * tileBytes;
  const tile = (pieces: number, count: number): TileClass => ({
    count,
    computeUs: tileUs(model, configuration, staging, pieces, tileSet, threads),
    loadBytes: pieces * bytesIn,
    loadDescriptors: 1,
    storeBytes: writes ? pieces * bytesOut : 0,
    storeDescriptors: 1,
  });
  const whole = Math.floor(share / staging.tile);
  const rest = share % staging.tile;
  const last = work - share * (threads - 1) === share ? threads : threads - 1;
  const classes = [tile(staging.tile, whole * threads), ...(rest > 0 ? [tile(rest, Math.max(1, last))] : [])];
  const start = target.callUs + (threads > 1 || staging.kind === 'dma' ? target.forkJoinUs : 0);
  const times = runPipeline(
    classes.filter(({ count }) => count > 0),
    threads,
    transfersOf(model, staging, threads),
    start,
    exact,
    observe,
  );
  const contexts = times.map(({ compute, memory, dma }) => ({
    compute,
    memory,
    dma,
    waiting: 0,
    forkJoin: start,
    idle: 0,
  }));
  return { contexts, scratchpadBytes: threads * tileSet };
}

/** Computing on a tile: the core's time, or the time of what it sweeps over where that is longer. */
function tileUs(
  model: HostModel,
  configuration: Configuration,
  { kind, scope }: Staged,
  pieces: number,
  tileSet: number,
  threads: number,
): number {
  const { bytesIn, bytesOut, host } = model;
  const writes = scope === 'inout';
  const near = pieces * (bytesIn + (writes ? bytesOut : 0));
  const swept = model.tileUs(near, tileSet, threads);
  const passed = kind === 'dma' ? near / host.handoverGBs / 1000 : 0;
  const written = writes ? 0 : model.outputUs(pieces, threads);
  return Math.max(model.computeUs(configuration, pieces), Math.max(swept, passed) + written);
}

/** Copies by the computing threads themselves, or by a thread beside each. */
function transfersOf(model: HostModel, { kind, engine, buffers }: Staged, threads: number): Transfers {
  const isDma = kind === 'dma';
  const handoverUsPerByte = isDma ? 1 / model.host.handoverGBs / 1000 : 0;
  return {
    kind,
    usPerByte: (users) => model.copyUsPerByte(engine, users) + handoverUsPerByte,
    setupUs: isDma ? model.host.handshakeUs : 0,
    queues: isDma ? threads : 1,
    queueDepth: 65_536,
    buffers,
    waitForWriteBack: false,
  };
}

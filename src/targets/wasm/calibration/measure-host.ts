import { type ChainStep, FUSED, PIECE_STEPS, STEPS } from './arithmetic-code.ts';
import { type Cache, cachesOfThisMachine } from './caches.ts';
import {
  accesses,
  call,
  chains,
  LINE_BYTES,
  type MicroKernel,
  stream,
  throughScratchpad,
  tilesRead,
  waiting,
} from './micro-kernel.ts';
import { type Timings, timeMicroKernels } from './time-micro-kernels.ts';

/** GB/s of one thread and of all at once; null where no sample on several threads was undisturbed. */
export type Rate = Readonly<{ perThreadGBs: number; totalGBs: number | null }>;
/** Until a dependent operation may start, and until any other may. */
export type Speed = Readonly<{ latencyNs: number; intervalNs: number }>;
export type StepName = keyof typeof STEPS;
export type MeasuredLevel = Readonly<{ cache: Cache | null; copied: Rate; memory: Rate; simd: Rate }>;

/** What micro-kernels say of this machine. */
export type HostMeasurements = Readonly<{
  steps: Readonly<Record<StepName, Speed>>;
  /** Null where the engine has no fused multiply-adds. */
  fused: Speed | null;
  /** Between additions and multiplications side by side; between vectors and integers side by side. */
  floatIntervalNs: number;
  anyIntervalNs: number;
  loadIntervalNs: number;
  storeIntervalNs: number;
  /** Operations that wait for their inputs at a time. */
  waiting: number;
  /** Nearest first; the last, without a cache, is memory. */
  levels: readonly MeasuredLevel[];
  callUs: number;
  /** Null where there is one core, or no sample on two was undisturbed. */
  forkJoinUs: number | null;
  handshakeUs: number | null;
  /** More than reading what the same core has written. */
  handoverNsPerByte: number | null;
}>;

type Machine = Readonly<{ flags: readonly string[]; cores: number; relaxedSimd: boolean }>;

/** Chains that hide any latency. */
const SEVERAL = 12;
/** What lies beyond the caches is measured with so many bytes, a cache half full, but with no more than this. */
const MOST_CACHED_BYTES = 8 * 2 ** 20;
const BEYOND_BYTES = 192 * 2 ** 20;
const SMALL_TILE = 4 * 1024;
const LARGE_TILE = 64 * 1024;
const TILED_BYTES = 512 * 1024;

/** Times micro-kernels on this machine: some seconds. Throws RunnerLost where no runner starts. */
export async function measureHost(machine: Machine): Promise<HostMeasurements> {
  const places = [...cachesOfThisMachine(), null];
  const micros = [
    ...arithmeticKernels(machine.relaxedSimd),
    ...places.flatMap((cache, level) => levelKernels(cache, level, machine.cores)),
    ...callKernels(machine.cores),
  ];
  const times = await timeMicroKernels(micros, BEYOND_BYTES / 2, machine);
  const levels = places.map((cache, level) => ({
    cache,
    copied: rateOf(times, `copied ${level}`, machine.cores),
    memory: rateOf(times, `memory ${level}`, machine.cores),
    simd: rateOf(times, `simd ${level}`, machine.cores),
  }));
  return { ...coreSpeeds(times, machine.relaxedSimd), ...callCosts(times), levels };
}

function arithmeticKernels(fused: boolean): readonly MicroKernel[] {
  const steps: readonly (readonly [string, ChainStep])[] = [
    ...Object.entries(STEPS),
    ...(fused ? [['fused', FUSED] as const] : []),
  ];
  const turns = <T>(...kinds: readonly T[]): readonly T[] =>
    Array.from({ length: SEVERAL }, (_, n) => kinds[n % kinds.length]);
  return [
    ...steps.map(([name, step]) => chains(`${name} latency`, [step])),
    ...steps.map(([name, step]) => chains(`${name} interval`, turns(step))),
    chains('float interval', turns(STEPS.vectorAdd, STEPS.vectorMultiply)),
    chains('any interval', turns(STEPS.vectorAlu, STEPS.scalarAlu)),
    accesses('load', 'load'),
    accesses('store', 'store'),
    waiting('waiting'),
  ];
}

function levelKernels(cache: Cache | null, level: number, cores: number): readonly MicroKernel[] {
  return [...new Set([1, cores])].flatMap((threads) => {
    const bytes = sweptBytes(cache, threads);
    return [
      stream(`copied ${level} ${threads}`, bytes, threads),
      throughScratchpad(`memory ${level} ${threads}`, 'memory', bytes, threads),
      throughScratchpad(`simd ${level} ${threads}`, 'simd', bytes, threads),
    ];
  });
}

/** Half of a cache, in whole lines for each thread; of each core's own for each thread. */
function sweptBytes(cache: Cache | null, threads: number): number {
  if (cache === null) return BEYOND_BYTES;
  const bytes = Math.min(MOST_CACHED_BYTES, cache.bytes / 2) * (cache.perCore ? threads : 1);
  return Math.floor(bytes / (2 * LINE_BYTES * threads)) * 2 * LINE_BYTES * threads;
}

function callKernels(cores: number): readonly MicroKernel[] {
  const alone = [
    call('call', 1),
    tilesRead('small tiles', 'copy', SMALL_TILE, TILED_BYTES),
    tilesRead('large tiles', 'copy', LARGE_TILE, TILED_BYTES),
  ];
  if (cores === 1) return alone;
  return [
    ...alone,
    call('fork', cores),
    tilesRead('small tiles passed on', 'dma', SMALL_TILE, TILED_BYTES),
    tilesRead('large tiles passed on', 'dma', LARGE_TILE, TILED_BYTES),
  ];
}

function coreSpeeds(times: Timings, fused: boolean) {
  const speed = (name: string): Speed => ({
    latencyNs: knownNs(times, `${name} latency`),
    intervalNs: knownNs(times, `${name} interval`),
  });
  const pieceNs = knownNs(times, 'waiting');
  const steps = speedsOf(speed);
  return {
    steps,
    fused: fused ? speed('fused') : null,
    floatIntervalNs: knownNs(times, 'float interval'),
    anyIntervalNs: knownNs(times, 'any interval'),
    loadIntervalNs: knownNs(times, 'load'),
    storeIntervalNs: knownNs(times, 'store'),
    // As many pieces are in flight at a time; half of each still waits.
    waiting: ((PIECE_STEPS * steps.vectorMultiply.latencyNs) / pieceNs) * (PIECE_STEPS / 2),
  };
}

function speedsOf(speed: (name: StepName) => Speed): Readonly<Record<StepName, Speed>> {
  return {
    vectorAlu: speed('vectorAlu'),
    vectorAdd: speed('vectorAdd'),
    vectorMultiply: speed('vectorMultiply'),
    vectorDivide: speed('vectorDivide'),
    vectorShift: speed('vectorShift'),
    vectorPermute: speed('vectorPermute'),
    vectorConvert: speed('vectorConvert'),
    scalarAlu: speed('scalarAlu'),
    scalarAdd: speed('scalarAdd'),
    scalarMultiply: speed('scalarMultiply'),
    scalarDivide: speed('scalarDivide'),
    scalarConvert: speed('scalarConvert'),
  };
}

/** What another thread costs: the same tiles, passed on, against read by who copied them. */
function callCosts(times: Timings) {
  const callNs = knownNs(times, 'call');
  const fork = times.get('fork');
  const [small, large] = ['small', 'large'].map((size) => {
    const passed = times.get(`${size} tiles passed on`);
    return passed === undefined ? undefined : passed - knownNs(times, `${size} tiles`);
  });
  const known = small !== undefined && large !== undefined;
  const perByte = known ? Math.max(0, (large - small) / (LARGE_TILE - SMALL_TILE)) : null;
  return {
    callUs: callNs / 1000,
    forkJoinUs: fork === undefined ? null : Math.max(0, fork - callNs) / 1000,
    // There and back again for each tile.
    handshakeUs: known && perByte !== null ? Math.max(0, small - perByte * SMALL_TILE) / 2 / 1000 : null,
    handoverNsPerByte: perByte,
  };
}

function rateOf(times: Timings, name: string, cores: number): Rate {
  const all = times.get(`${name} ${cores}`);
  return {
    perThreadGBs: 1 / knownNs(times, `${name} 1`),
    totalGBs: all === undefined ? null : 1 / all,
  };
}

/** What one thread alone was measured to take: its samples count even where it was disturbed. */
function knownNs(times: Timings, name: string): number {
  const ns = times.get(name);
  if (ns === undefined) throw new RangeError(`micro-kernel '${name}' was not timed`);
  return ns;
}

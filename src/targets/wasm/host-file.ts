import type { TargetFile } from '../npu/machine/schema.ts';
import type { HostMeasurements, MeasuredLevel, Rate, Speed } from './calibration/measure-host.ts';
import { SCRATCHPAD_BYTES } from './generator/scratch.ts';
import type { WasmHost } from './host.ts';

type Figure<T> = { value: T; source: string };

const figure = (value: number, how: string): Figure<number> => ({
  value: rounded(value),
  source: `measured ${how}`,
});
const prior = <T>(value: T, why: string): Figure<T> => ({ value, source: `prior: ${why}` });
/** Four digits say more than a measurement. */
const rounded = (value: number): number => Number(value.toPrecision(4));
/** So many in a cycle: a whole number of units. */
const units = (clockGHz: number, intervalNs: number, how: string): Figure<number> => ({
  value: Math.max(1, Math.round(1 / (clockGHz * intervalNs))),
  source: `measured ${how}`,
});

const ALONE = 'one thread’s: there is one core, or no sample on several was undisturbed';
/** Where nothing was measured on two threads. */
const FORK_US = 0.5;
const HANDSHAKE_US = 0.2;

/** A simulated target that is this machine as its micro-kernels showed it. */
export function hostFile(host: WasmHost, measured: HostMeasurements): TargetFile {
  const { steps } = measured;
  const clockGHz = 1 / steps.scalarAlu.latencyNs;
  const cycles = (ns: number, how: string) => figure(Math.max(0.5, ns * clockGHz), how);
  const per = (intervalNs: number, how: string) => units(clockGHz, intervalNs, how);
  const dependent = (what: string) => `by a chain of dependent ${what}`;
  const beside = (what: string) => `by twelve chains of ${what} side by side`;
  const outermost = measured.levels[measured.levels.length - 1];
  const whole = rates(outermost.copied, 'by copying an array beyond the caches by vectors');
  const copied = rates(outermost.simd, 'by copying tiles through the scratchpad by vectors');
  const none = (what: string) => prior(0, `${what} is in the time of the code itself`);
  return {
    schemaVersion: 1,
    name: 'wasm-host',
    description: `the WASM engine of this machine, simulated: ${host.cpu}, Node ${host.node}, V8 ${host.v8}`,
    clockGHz: figure(clockGHz, 'by a chain of dependent integer additions, one cycle each'),
    contexts: { value: host.cores, source: 'measured by the operating system' },
    vectorUnits: prior(host.cores, 'each core has its own'),
    vector: {
      bytes: prior(16, 'WebAssembly has vectors of 128 bits'),
      pairs: false,
      registers: prior(15, 'of the 16 of x64 the engine keeps one'),
      gatherCyclesPerLane: prior(2, 'a load and an insert'),
    },
    packet: {
      width: per(measured.anyIntervalNs, 'by vector and integer operations side by side'),
      load: per(measured.loadIntervalNs, 'by loads from the nearest cache'),
      store: per(measured.storeIntervalNs, 'by stores to the nearest cache'),
      multiply: per(steps.vectorMultiply.intervalNs, beside('multiplications')),
      shift: per(steps.vectorShift.intervalNs, beside('shifts')),
      permute: per(steps.vectorPermute.intervalNs, beside('permutations')),
    },
    ops: {
      vectorLatencyScale: prior(1, 'latencies are measured'),
      vector: {
        ...memoryLatencies,
        alu: cycles(steps.vectorAlu.latencyNs, dependent('vector integer additions')),
        floatAdd: cycles(steps.vectorAdd.latencyNs, dependent('vector additions')),
        multiply: cycles(steps.vectorMultiply.latencyNs, dependent('vector multiplications')),
        shift: cycles(steps.vectorShift.latencyNs, dependent('vector shifts')),
        permute: cycles(steps.vectorPermute.latencyNs, dependent('permutations')),
        convert: cycles(steps.vectorConvert.latencyNs, dependent('vector roundings')),
      },
      scalar: {
        ...memoryLatencies,
        alu: cycles(steps.scalarAlu.latencyNs, dependent('integer additions')),
        floatAdd: cycles(steps.scalarAdd.latencyNs, dependent('scalar additions')),
        multiply: cycles(steps.scalarMultiply.latencyNs, dependent('scalar multiplications')),
        shift: prior(1, 'as other integer operations'),
        permute: cycles(steps.vectorPermute.latencyNs, dependent('permutations')),
        convert: cycles(steps.scalarConvert.latencyNs, dependent('scalar roundings')),
      },
      scalarCall: none('a function'),
      scalarHalf: none('widening and rounding'),
    },
    memory: measured.levels.map(levelOf),
    scratchpad: {
      bytes: prior(SCRATCHPAD_BYTES, 'what the WASM backend reserves'),
      scalarAccessNs: none('an access'),
    },
    direct: whole,
    copy: copied,
    dma: {
      engines: prior(Math.max(1, Math.floor(host.cores / 2)), 'a copying thread takes a core of its own'),
      queueDepth: prior(65_536, 'nothing is queued: the thread that copies looks for itself'),
      setupUs: handshake(measured),
      perQueueGBs: copied.perThreadGBs,
      totalGBs: copied.totalGBs,
      strideLimitBytes: null,
    },
    callUs: figure(measured.callUs, 'by calls of nothing'),
    forkJoinUs: forkJoin(measured),
    barrierUs: forkJoin(measured),
    measurement: { residency: 'warm', source: 'repeated calls on the same buffers' },
    compiler: COMPILER,
    host: {
      fingerprint: host.fingerprint,
      window: figure(Math.max(1, Math.round(measured.waiting)), 'by dependent pieces of 80 multiplications'),
      units: {
        vector: per(
          Math.min(steps.vectorAlu.intervalNs, measured.floatIntervalNs),
          'by additions and multiplications, and by logic, side by side',
        ),
        floatAdd: per(steps.vectorAdd.intervalNs, beside('additions')),
      },
      multiplyAdd:
        measured.fused === null ? null : cycles(measured.fused.latencyNs, dependent('fused multiply-adds')),
      division: division(steps.vectorDivide, cycles),
      staging: measured.levels.map(({ memory, simd }) => ({
        memory: rates(memory, 'by copying tiles through the scratchpad by memory.copy'),
        simd: rates(simd, 'by copying tiles through the scratchpad by vectors'),
      })),
      handshakeUs: handshake(measured),
      handoverGBs: handover(measured),
    },
  };
}

const memoryLatencies = {
  load: prior(5, 'a hit in the nearest cache'),
  store: prior(1, 'nothing waits for a store'),
};

/** What the NPU's compiler would decide; a host's code is the WASM generator's. */
const COMPILER: TargetFile['compiler'] = {
  name: "nightshift's WASM generator",
  splits: ['tiles-block'],
  stagings: ['direct', 'copy', 'dma'],
  unrolls: [1, 2, 4, 8],
  maxBuffers: 2,
  doubleBuffers: 'any',
  default: { vectorized: true, unroll: 1, staging: 'direct' },
  habits: {
    chunks: 'threads',
    gate: 0,
    forkPerTile: false,
    dmaQueues: 1,
    outputLoad: false,
    writeBack: 'overlapped',
    tilingBudgetBytes: SCRATCHPAD_BYTES,
  },
};

function levelOf({ cache, copied }: MeasuredLevel): TargetFile['memory'][number] {
  const where = cache === null ? 'beyond the caches' : `half as large as the ${cache.name} cache`;
  return {
    name: cache?.name ?? 'memory',
    bytes: cache === null ? null : { value: cache.bytes, source: cache.source },
    latencyNs: prior(0, 'prefetching hides it'),
    scalarAccessNs: prior(0, 'an access is in the time of the code itself'),
    ...rates(copied, `by copying an array ${where} by vectors`),
    perCore: cache?.perCore ?? false,
  };
}

function rates({ perThreadGBs, totalGBs }: Rate, how: string) {
  return {
    perThreadGBs: figure(perThreadGBs, how),
    totalGBs: totalGBs === null ? prior(rounded(perThreadGBs), ALONE) : figure(totalGBs, `${how}, all cores`),
  };
}

function division({ latencyNs, intervalNs }: Speed, cycles: (ns: number, how: string) => Figure<number>) {
  return {
    latency: cycles(latencyNs, 'by a chain of dependent divisions'),
    interval: cycles(intervalNs, 'by twelve chains of divisions side by side'),
  };
}

function forkJoin({ forkJoinUs }: HostMeasurements): Figure<number> {
  return forkJoinUs === null
    ? prior(FORK_US, ALONE)
    : figure(forkJoinUs, 'by sharing nothing out to all cores');
}

function handshake({ handshakeUs }: HostMeasurements): Figure<number> {
  const how = 'by small and large tiles passed on to another thread, or not';
  return handshakeUs === null ? prior(HANDSHAKE_US, ALONE) : figure(handshakeUs, how);
}

/** Who writes and who reads bear one half each. */
function handover({ handoverNsPerByte, levels }: HostMeasurements): Figure<number> {
  const near = levels[0].copied.perThreadGBs;
  if (handoverNsPerByte === null) return prior(rounded(near), ALONE);
  const how = 'by small and large tiles passed on to another thread, or not';
  return handoverNsPerByte === 0 ? figure(near, how) : figure(Math.min(near, 2 / handoverNsPerByte), how);
}

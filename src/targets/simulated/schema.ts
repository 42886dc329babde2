import { z } from 'zod';

/**
 * A simulated target as its JSON file says it. Every figure stands with where it comes from:
 * a citation, "fitted" (see data/calibration/), or "prior" with a reason. In memory a figure is its
 * number; the sources are kept apart (see load.ts).
 */
const source = z.string().min(1);
const positive = z.strictObject({ value: z.number().positive(), source }).transform(({ value }) => value);
const amount = z.strictObject({ value: z.number().nonnegative(), source }).transform(({ value }) => value);
const whole = z.strictObject({ value: z.int().positive(), source }).transform(({ value }) => value);

/** Cycles until a dependent operation may issue, by class. */
const latencies = z.strictObject({
  load: positive,
  store: positive,
  alu: positive,
  floatAdd: positive,
  multiply: positive,
  shift: positive,
  permute: positive,
  convert: positive,
});

/** GB/s are 10^9 bytes a second; a nanosecond carries as many bytes. */
const bandwidth = { perThreadGBs: positive, totalGBs: positive };

const level = z.strictObject({
  name: z.string().min(1),
  /** Capacity; null for the outermost level, which holds everything. */
  bytes: whole.nullable(),
  /** From asking for the first byte of a stream to having it. */
  latencyNs: amount,
  /** What one scalar access costs that the core cannot hide, once its neighbours are cached. */
  scalarAccessNs: amount,
  ...bandwidth,
});

export const SPLITS = ['tiles-block', 'tiles-cyclic', 'chunks'] as const;
export const STAGINGS = ['direct', 'copy', 'dma'] as const;
export const RESIDENCIES = ['cold', 'warm', 'mean-of-10'] as const;

/** What the compiler does whether or not it is wise; each is a what-if. */
const habits = z.strictObject({
  /** A tile (or a direct call) is cut into so many chunks; 'threads': one for each thread. */
  chunks: z.union([z.int().positive(), z.literal('threads')]),
  /** Elements × body ops / 2 below this stay on one thread; 0: no gate. */
  gate: z.number().nonnegative(),
  /** A fork and a join for each tile of chunks (true), or a team that meets at barriers (false). */
  forkPerTile: z.boolean(),
  /** Queues that the transfers are spread over. */
  dmaQueues: z.int().positive(),
  /** Under double buffering the output tile is loaded too, though it is overwritten. */
  outputLoad: z.boolean(),
  /** Whether a tile's write-back is waited for before the next load is asked for. */
  writeBack: z.enum(['waited', 'overlapped']),
  /** Scratchpad that the tiling rule believes in. */
  tilingBudgetBytes: z.int().positive(),
});

const compiler = z.strictObject({
  name: z.string().min(1),
  splits: z.array(z.enum(SPLITS)).min(1),
  stagings: z.array(z.enum(STAGINGS)).min(1),
  unrolls: z.array(z.int().positive()).min(1),
  maxBuffers: z.int().min(1).max(3),
  /** Kernels that it can double-buffer: any, or all-parallel ones of rank ≤ 2 whose extents the tile divides. */
  doubleBuffers: z.enum(['any', 'elementwise']),
  default: z.strictObject({
    vectorized: z.boolean(),
    unroll: z.int().positive(),
    staging: z.enum(STAGINGS),
  }),
  habits,
});

export const targetSchema = z.strictObject({
  schemaVersion: z.literal(1),
  name: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/, 'lower-case letters, digits, dots and dashes'),
  description: z.string().min(1),
  clockGHz: positive,
  /** Hardware contexts: how many threads make progress at a time. */
  contexts: whole,
  vectorUnits: whole,
  vector: z.strictObject({
    bytes: whole,
    /** Whether instructions on register pairs exist (twice the width). */
    pairs: z.boolean(),
    registers: whole,
    /** Cycles a lane when the lanes of a vector do not lie side by side. */
    gatherCyclesPerLane: amount,
  }),
  /** Operations that one packet takes, in all and of a kind. */
  packet: z.strictObject({
    width: whole,
    load: whole,
    store: whole,
    multiply: whole,
    shift: whole,
    permute: whole,
  }),
  ops: z.strictObject({
    /** Multiplies every vector latency: what an in-order, interleaved core adds to the manual's figures. */
    vectorLatencyScale: positive,
    vector: latencies,
    scalar: latencies,
    /** Cycles to call and return from a scalar library function. */
    scalarCall: amount,
    /** Cycles to widen the operands of one scalar 16-bit float operation and round its result. */
    scalarHalf: amount,
  }),
  /** Nearest first. */
  memory: z.array(level).min(1),
  scratchpad: z.strictObject({ bytes: whole, scalarAccessNs: amount }),
  /** What the cores reach beyond the nearest level when they use operands where they lie. */
  direct: z.strictObject(bandwidth),
  /** What they reach when they copy into and out of the scratchpad. */
  copy: z.strictObject(bandwidth),
  dma: z.strictObject({
    engines: whole,
    queueDepth: whole,
    /** Time a queue is taken up by each descriptor, before its bytes move. */
    setupUs: amount,
    perQueueGBs: positive,
    totalGBs: positive,
    /** A strided tile whose rows or stride reach this many bytes cannot be described; null: no limit. */
    strideLimitBytes: whole.nullable(),
  }),
  /** Entering and leaving the kernel. */
  callUs: amount,
  /** Waking a team of threads and waiting for its last. */
  forkJoinUs: amount,
  /** A barrier of a team that is already awake. */
  barrierUs: amount,
  measurement: z.strictObject({
    /** What the caches hold when a call is timed; 'mean-of-10': ten calls in a row, the first one cold. */
    residency: z.enum(RESIDENCIES),
    source,
  }),
  compiler,
});

export type TargetFile = z.input<typeof targetSchema>;
export type Split = (typeof SPLITS)[number];
export type Staging = (typeof STAGINGS)[number];
export type OpClass = keyof z.output<typeof latencies>;
export type Latencies = Readonly<Record<OpClass, number>>;
export type Level = Readonly<z.output<typeof level>>;
export type Habits = Readonly<z.output<typeof habits>>;

/** A target in memory: plain numbers. */
export type SimulatedTarget = Readonly<z.output<typeof targetSchema>>;

import { z } from 'zod';

/**
 * A simulated target as its JSON file describes it. Every figure names its source: a citation, "fitted"
 * (see data/calibration/), or "prior" with a reason; one that is not known exactly states its range (low, high).
 * Parsed, a figure is its number alone.
 */
const source = z.string().min(1);
/** A figure that makes the search space, which is the same whatever else the machine may be. */
const fixed = (value: z.ZodNumber) => z.strictObject({ value, source }).transform((read) => read.value);
const figure = (value: z.ZodNumber) =>
  z
    .strictObject({ value, source, range: z.array(value).length(2).exactOptional() })
    .refine(({ value: own, range: [low, high] = [own, own] }) => low <= own && own <= high, {
      path: ['range'],
      error: 'two numbers, the first at most the value and the second at least it',
    })
    .transform((read) => read.value);
/** A figure above 0 and within what a machine of this kind could have. */
const positive = (most: number) => figure(z.number().positive().max(most));
const amount = (most: number) => figure(z.number().nonnegative().max(most));
const whole = (most: number) => figure(z.int().positive().max(most));
const size = (most: number) => fixed(z.int().positive().max(most));

const share = figure(z.number().nonnegative().max(1));
const choice = <T extends string>(words: readonly [T, ...T[]]) =>
  z.strictObject({ value: z.enum(words), source }).transform((read) => read.value);

const KIB = 1024;
const GIB = KIB ** 3;
/** Bounds of what can be built; a figure beyond them is a mistake. */
const MOST_CYCLES = 10_000;
const MOST_NS = 1_000_000;
const MOST_US = 1_000_000;
const MOST_GBS = 100_000;
const MOST_UNITS = 64;
const vectorBytes = z
  .strictObject({ value: z.literal([16, 32, 64, 128, 256, 512, 1024]), source })
  .transform(({ value }): number => value);

/** Cycles until a dependent operation may issue, by class: packets, so whole ones. */
const latencies = z.strictObject({
  load: whole(MOST_CYCLES),
  store: whole(MOST_CYCLES),
  alu: whole(MOST_CYCLES),
  floatAdd: whole(MOST_CYCLES),
  multiply: whole(MOST_CYCLES),
  shift: whole(MOST_CYCLES),
  permute: whole(MOST_CYCLES),
  convert: whole(MOST_CYCLES),
});

/** GB/s are 10^9 bytes a second; a nanosecond carries as many bytes. */
const bandwidth = { perThreadGBs: positive(MOST_GBS), totalGBs: positive(MOST_GBS) };

const level = z.strictObject({
  name: z.string().min(1),
  /** Capacity; null for the outermost level, which holds everything. */
  bytes: whole(KIB * GIB).nullable(),
  /** From the request for the first byte of a stream to its arrival. */
  latencyNs: amount(MOST_NS),
  /** The part of a scalar access that the core cannot hide, once the line is cached. */
  scalarAccessNs: amount(MOST_NS),
  ...bandwidth,
});

export const SPLITS = ['tiles-block', 'tiles-cyclic', 'chunks'] as const;
export const STAGINGS = ['direct', 'copy', 'dma'] as const;
/** The processors that clang 19 makes code of vectors of floats for; it knows none after V73, whose code later ones run, too. */
const PROCESSORS = ['hexagonv68', 'hexagonv69', 'hexagonv71', 'hexagonv73'] as const;
export const PRODUCT_UNITS = ['vector', 'matrix'] as const;
export const WEIGHTS = ['streamed', 'resident'] as const;
export const RESIDENCIES = ['cold', 'warm', 'mean-of-10'] as const;

/** What the compiler does whether or not it is best; each can be changed by a what-if. */
const habits = z.strictObject({
  /** A tile (or a direct call) is cut into so many chunks; 'threads': one for each thread. */
  chunks: z.union([z.int().positive().max(1024), z.literal('threads')]),
  /** Elements × body ops / 2 below this stay on one thread; 0: no gate. */
  gate: z
    .number()
    .nonnegative()
    .max(2 ** 50),
  /** A fork and a join for each tile of chunks (true), or a team that meets at barriers (false). */
  forkPerTile: z.boolean(),
  /** Queues that the transfers are spread over. */
  dmaQueues: z.int().positive().max(MOST_UNITS),
  /** Under double buffering the output tile is loaded too, though it is overwritten. */
  outputLoad: z.boolean(),
  /** Whether a tile's write-back is waited for before the next load is asked for. */
  writeBack: z.enum(['waited', 'overlapped']),
  /** Scratchpad bytes that the tiling rule plans with. */
  tilingBudgetBytes: z.int().positive().max(GIB),
});

/** Values that a compiler may not be able to express though the machine could run them. */
const expressed = z.strictObject({
  unrolls: z.array(z.int().positive().max(64)).min(1).max(16),
  /** Whether it can use pairs of vector registers, where the machine has them. */
  pairs: z.boolean(),
  /** Numbers of threads that it can use; 'any': up to the contexts. */
  threads: z.union([z.array(z.int().positive().max(MOST_UNITS)).min(1), z.literal('any')]),
});

const compiler = z.strictObject({
  name: z.string().min(1),
  splits: z.array(z.enum(SPLITS)).min(1),
  stagings: z.array(z.enum(STAGINGS)).min(1),
  ...expressed.shape,
  /** What the target `<name>-beyond` has instead; absent where the compiler leaves nothing out. */
  beyond: expressed.exactOptional(),
  maxBuffers: z.int().min(1).max(3),
  /** Kernels that it can double-buffer: any, or all-parallel ones of rank ≤ 2 whose extents the tile divides. */
  doubleBuffers: z.enum(['any', 'elementwise']),
  default: z.strictObject({
    vectorized: z.boolean(),
    unroll: z.int().positive().max(64),
    staging: z.enum(STAGINGS),
  }),
  habits,
});

export const targetSchema = z.strictObject({
  schemaVersion: z.literal(1),
  name: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/, 'lower-case letters, digits, dots and dashes'),
  description: z.string().min(1),
  /** What clang makes its code for, where computation is compiled; absent where it makes none. No simulated time depends on it. */
  processor: choice(PROCESSORS).exactOptional(),
  clockGHz: figure(z.number().min(0.05).max(10)),
  /** Hardware contexts: how many threads make progress at a time. */
  contexts: size(MOST_UNITS),
  vectorUnits: whole(MOST_UNITS),
  vector: z.strictObject({
    bytes: vectorBytes,
    /** Whether instructions on register pairs exist (twice the width). */
    pairs: z.boolean(),
    registers: whole(4096),
    /** Cycles for each lane of a vector whose elements are not contiguous. */
    gatherCyclesPerLane: amount(MOST_CYCLES),
  }),
  /** Operations that one packet takes, in all and of a kind. */
  packet: z.strictObject({
    width: whole(MOST_UNITS),
    load: whole(MOST_UNITS),
    store: whole(MOST_UNITS),
    multiply: whole(MOST_UNITS),
    shift: whole(MOST_UNITS),
    permute: whole(MOST_UNITS),
  }),
  /** A unit that multiplies square tiles of 16-bit floats and sums the products; absent where there is none. */
  matrix: z
    .strictObject({
      /** Rows, columns and depth of what it multiplies at a time. */
      tile: size(1024),
      /** Cycles of the unit for each product of two tiles. */
      productCycles: positive(MOST_CYCLES),
      /** Cycles of the unit to round a tile of sums and write it to the scratchpad. */
      readoutCycles: amount(MOST_CYCLES),
      /** Cycles of a thread to bring a vector register of elements into the unit's order, or back into rows. */
      packCycles: amount(MOST_CYCLES),
      /** Allocating and releasing one buffer in the scratchpad. */
      allocationUs: amount(MOST_US),
    })
    .exactOptional(),
  ops: z.strictObject({
    /** Multiplies every vector latency: what an in-order, interleaved core adds to the manual's figures. */
    vectorLatencyScale: positive(1000),
    /** The share of the stalls that interleaving could hide that it does hide: the rest is no wait for a result. */
    unrollHides: share,
    /** How vector units compute on floats: in a format of their own, converted back after each operation, or as IEEE. */
    vectorFloats: choice(['qfloat', 'ieee']),
    /** How a vector of floats is divided: in Newton steps, or lane by lane. */
    vectorDivision: choice(['newton', 'scalar']),
    vector: latencies,
    scalar: latencies,
    /** Cycles to call and return from a library function on a vector register; 0 where it is inlined. */
    vectorCall: amount(MOST_CYCLES),
    /** Cycles to call and return from a scalar library function. */
    scalarCall: amount(MOST_CYCLES),
    /** Cycles to widen the operands of one scalar 16-bit float operation and round its result. */
    scalarHalf: amount(MOST_CYCLES),
  }),
  /** Nearest first. */
  memory: z.array(level).min(1).max(8),
  scratchpad: z.strictObject({ bytes: size(GIB), scalarAccessNs: amount(MOST_NS) }),
  /** What the cores reach beyond the nearest level while they use operands where they lie. */
  direct: z.strictObject(bandwidth),
  /** What they reach when they copy into and out of the scratchpad. */
  copy: z.strictObject(bandwidth),
  dma: z.strictObject({
    engines: whole(MOST_UNITS),
    queueDepth: whole(65_536),
    /** Time a queue is taken up by each descriptor, before its bytes move. */
    setupUs: amount(MOST_US),
    perQueueGBs: positive(MOST_GBS),
    totalGBs: positive(MOST_GBS),
    /** A strided tile whose rows or stride reach this many bytes cannot be described; null: no limit. */
    strideLimitBytes: size(KIB * GIB).nullable(),
  }),
  /** Entering and leaving the kernel. */
  callUs: amount(MOST_US),
  /** Waking a team of threads and waiting for its last. */
  forkJoinUs: amount(MOST_US),
  /** A barrier of a team that is already awake. */
  barrierUs: amount(MOST_US),
  measurement: z.strictObject({
    /** What the caches hold when a call is timed; 'mean-of-10': ten calls in a row, the first one cold. */
    residency: z.enum(RESIDENCIES),
    source,
  }),
  compiler,
});

export type Split = (typeof SPLITS)[number];
export type Staging = (typeof STAGINGS)[number];
export type ProductUnit = (typeof PRODUCT_UNITS)[number];
export type Weights = (typeof WEIGHTS)[number];
export type MatrixUnit = NonNullable<SimulatedTarget['matrix']>;
export type MachineOpClass = keyof z.output<typeof latencies>;
export type Latencies = Readonly<Record<MachineOpClass, number>>;
export type MemoryLevel = Readonly<z.output<typeof level>>;
export type Habits = Readonly<z.output<typeof habits>>;

/** A target in memory: plain numbers. */
export type SimulatedTarget = Readonly<z.output<typeof targetSchema>>;

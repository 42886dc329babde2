import type { DType, Expression, IndexMap, Kernel, Operand, Stage } from '../kernels/ir.ts';
import type { BodyGraph } from './body-graph.ts';

export type MapStage = Extract<Stage, { kind: 'map' }>;
export type ReductionStage = Extract<Stage, { kind: 'reduce' | 'contract' }>;

/** Iterations of each loop, by name. */
export type Extents = Readonly<Record<string, number>>;
/** Elements by which an address moves along each loop; a loop that is not named does not move it. */
export type Strides = Readonly<Record<string, number>>;

/**
 * A kernel as loops: what the simulator counts and emitters print. Loop nests run one after the other
 * inside the shared loops. Loops are known by the names of the kernel's dimensions; what role a loop has
 * is said by the fields that name it (`loopRoles` lists the roles of one).
 */
export type LoweredKernel = Readonly<{
  /** The kernel as the nests see it, rewritten by the lowering. */
  kernel: Kernel;
  extents: Extents;
  /** Parallel loops around all nests, outermost first: tiles cut them, and threads share them. */
  shared: readonly string[];
  /** The shared loop that the lanes of every nest run along; undefined where each nest has its own. */
  lanesAcross: string | undefined;
  /** The only reduction, if one nest alone runs over it: tiles may cut it (K of a matrix product). */
  streamed: string | undefined;
  nests: readonly LoopNest[];
  /** Maps without a nest: computed wherever their values are used. */
  recomputed: ReadonlyMap<string, MapStage>;
  temporaries: readonly Temporary[];
  /** Bytes of scratch memory that the temporaries of one iteration of the shared loops take. */
  scratchBytes: number;
  /** The kernel as one matrix product, where it is to be tiled as such. */
  contraction: Contraction | undefined;
  /** The loops that a tile cuts, and the shared loops of which it has one iteration. */
  tiled: readonly TiledLoop[];
  single: readonly string[];
  operands: readonly AddressedOperand[];
  /** Operands whose part in a tile is stretches of memory, which a thread can copy. */
  stretches: readonly StretchedOperand[];
}>;

/** Stages that are computed together, with one body. */
export type LoopNest = Readonly<{
  /** In order: each keeps a value, reduces, contracts or stores at every point. */
  stages: readonly Stage[];
  /** Outermost first; the shared loops lead. */
  loops: readonly string[];
  /** Loops whose results are accumulated. */
  over: ReadonlySet<string>;
  /** The loop that lanes run along. */
  vector: string;
  /** The loop whose iterations an unrolled body interleaves. */
  unroll: string;
  /** Bytes of an element in a lane: of the narrowest array that the lanes move along. */
  laneBytes: number;
  accesses: readonly NestAccess[];
  body: BodyGraph;
}>;

/** An array that a nest loads or stores (an operand or a temporary), and how it is addressed. */
export type NestAccess = Readonly<{
  array: string;
  role: 'load' | 'store';
  elementBytes: number;
  strides: Strides;
  /** Where it starts. Several for accesses that differ only in that and touch mostly the same elements, like a stencil's. */
  offsets: readonly number[];
  /** Different points touch the same elements: it has several offsets, or its loops slide a window. */
  overlaps: boolean;
  /** Earlier nests of the same iteration of the shared loops have touched most of its elements. */
  again: boolean;
}>;

/** A value that one nest computes and another reads. */
export type Temporary = Readonly<{
  name: string;
  dtype: DType;
  /** The loops that it has a value for, without the shared ones. */
  dims: readonly string[];
  at: IndexMap;
  /** Scratch is a thread's own memory, at a byte offset; memory is an array as operands are. */
  place:
    | Readonly<{ kind: 'register' | 'memory' }>
    | Readonly<{ kind: 'scratch'; offset: number; bytes: number }>;
}>;

/** One matrix product, rows of `left` by columns of `right`, and element-wise stages around it. */
export type Contraction = Readonly<{
  product: Extract<Stage, { kind: 'contract' }>;
  /** Dimensions of both sides, outermost first. */
  batch: readonly string[];
  row: string;
  column: string;
  /** `left` does not depend on the column, `right` not on the row. */
  left: Expression;
  right: Expression;
}>;

/** A loop that tiles cut, and the parameter that says how many of its iterations a tile has. */
export type TiledLoop = Readonly<{
  parameter: string;
  loop: string;
  extent: number;
  part: 'parallel' | 'reduction';
}>;

/** An operand with every way in which it is addressed; the first is that of its rows. */
export type AddressedOperand = Readonly<{
  name: string;
  role: Operand['role'];
  elementBytes: number;
  elements: number;
  maps: readonly IndexMap[];
}>;

/**
 * An operand whose part for the work from `begin` to `end` can be copied to a tile. The part starts at
 * element least + begin · stride and has `span` elements for the last unit of work, `stride` for each other.
 * Where there are `loops` (outermost first), there is such a stretch at each of their points; in the tile
 * the stretches are one after the other.
 */
export type StretchedOperand = Readonly<{
  operand: Operand;
  place: number;
  stride: number;
  least: number;
  span: number;
  loops: readonly Readonly<{ dim: string; stride: number; extent: number }>[];
  /** Copied before computing; copied back after it. */
  reads: boolean;
  writes: boolean;
}>;

/** A loop of one iteration, for stages outside of all loops (storing the sum of everything). */
export const ONCE = '(once)';

/** A kernel with nothing planned yet. */
export function unplanned(kernel: Kernel): LoweredKernel {
  return {
    kernel,
    extents: {},
    shared: [],
    lanesAcross: undefined,
    streamed: undefined,
    nests: [],
    recomputed: new Map(),
    temporaries: [],
    scratchBytes: 0,
    contraction: undefined,
    tiled: [],
    single: [],
    operands: [],
    stretches: [],
  };
}

/** The loops of a nest that its results have and that are not shared. */
export function ownLoops({ shared }: LoweredKernel, { loops, over }: LoopNest): readonly string[] {
  return loops.filter((loop) => loop !== ONCE && !shared.includes(loop) && !over.has(loop));
}

/** Temporaries that are arrays, in scratch or memory. */
export function arraysKept({ temporaries }: LoweredKernel): readonly Temporary[] {
  return temporaries.filter(({ place }) => place.kind !== 'register');
}

/** The shared loops around the lanes. */
export function rowLoops({ shared, lanesAcross }: LoweredKernel): readonly string[] {
  return shared.filter((loop) => loop !== lanesAcross);
}

/** The loops whose iterations threads share: those around the lanes, or the loop that lanes run along. */
export function workLoops(lowered: LoweredKernel): readonly string[] {
  const rows = rowLoops(lowered);
  return rows.length === 0 ? lowered.shared : rows;
}

/** Iterations that threads share. */
export function unitsOfWork(lowered: LoweredKernel): number {
  return workLoops(lowered).reduce((product, loop) => product * lowered.extents[loop], 1);
}

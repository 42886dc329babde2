import { BYTES, type DType } from '../../../kernels/ir.ts';
import type { BodyNode as LoweredNode } from '../../../lowering/body-graph.ts';
import type { LoopNest } from '../../../lowering/lowered-kernel.ts';
import type { SimulatedTarget } from '../machine/schema.ts';
import type { CountedNest } from './counted.ts';
import { type Expansion, expansionOf } from './expansions.ts';
import { entry } from './kept.ts';
import {
  type MicroOp,
  type PackedOps,
  type PacketCost,
  packetCost,
  packScalar,
  packVectors,
} from './packets.ts';

/** The cost of the innermost loops of a nest at one vector width and one unroll factor. */
export type Body = Readonly<{
  /** Elements along the vector loop that one copy of the body covers. */
  lanes: number;
  /** A body of `unroll` interleaved copies. */
  unrolled: PacketCost;
  /** A single copy, for the iterations left over. */
  single: PacketCost;
  /** Once before the inner loops: values that do not change in them. */
  before: PacketCost;
  /** Once after them: merging each accumulator that is spread over lanes and copies. */
  after: PacketCost;
  /** Scalar accesses to memory that one element makes. */
  scalarAccesses: number;
  /** Packets counted in object code, which take the place of `before`, `after` and the packets of the bodies. */
  counted?: CountedNest;
}>;

/** A node of a nest's body with the machine operations that it takes. */
type BodyNode = LoweredNode &
  Readonly<{
    expansion: Expansion;
    /** An operation on 16-bit floats, which scalar code widens and rounds by library calls. */
    half: boolean;
  }>;

const NONE: PacketCost = { cycles: 0, issue: 0 };

/** Schedules a nest's body. `vectorBytes` 0 is scalar code, one element at a time. */
export function makeBody(nest: LoopNest, target: SimulatedTarget, vectorBytes: number, unroll: number): Body {
  const { inner, before } = partsOf(nest);
  const make = (copies: number) => compile('inner', nest, target, { vectorBytes, copies });
  const single = make(1);
  const accesses = inner.filter((node) => node.kind !== 'compute').length;
  return {
    lanes: vectorBytes === 0 ? 1 : Math.max(1, Math.floor(vectorBytes / nest.laneBytes)),
    unrolled: unroll === 1 ? single : partlyHidden(single, make(unroll), unroll, target.ops.unrollHides),
    single,
    before: before.length === 0 ? NONE : compile('before', nest, target, { vectorBytes, copies: 1 }),
    after: mergeLanes(nest, target, vectorBytes, unroll),
    scalarAccesses: vectorBytes === 0 ? accesses : 0,
  };
}

type Parts = Readonly<{
  all: readonly BodyNode[];
  inner: readonly BodyNode[];
  before: readonly BodyNode[];
}>;

const parts = new WeakMap<LoopNest, Parts>();

/** The nodes of a nest's body, and which of them are in its inner loops and before these. */
function partsOf(nest: LoopNest): Parts {
  return entry(parts, nest, () => {
    const all = nest.body.nodes.map(withOperations);
    const inner = all.filter((node) => node.varies.inside || node.kind === 'store');
    const before = all.filter(
      (node) => !inner.includes(node) && node.expansion.steps.length + node.inputs.length > 0,
    );
    return { all, inner, before };
  });
}

/** An unrolled body of which interleaving hides only a share of what it could hide of the stalls. */
function partlyHidden(single: PacketCost, made: PacketCost, copies: number, share: number): PacketCost {
  const alone = copies * (single.cycles - single.issue);
  const interleaved = Math.min(alone, made.cycles - made.issue);
  return { issue: made.issue, cycles: made.issue + share * interleaved + (1 - share) * alone };
}

function withOperations(node: LoweredNode): BodyNode {
  const expansion = expansionOf(node.operation);
  const isShort = node.dtype === 'f16' || node.dtype === 'bf16';
  return { ...node, expansion, half: isShort && node.kind === 'compute' && expansion.steps.length > 0 };
}

type Shape = Readonly<{ vectorBytes: number; copies: number }>;

/** The operations of a part of a body, packed, and its nodes with the registers that each fills. */
type Compiled = Readonly<{
  packed: PackedOps;
  nodes: readonly Readonly<{ node: BodyNode; strands: number }>[];
}>;

function compile(
  part: 'inner' | 'before',
  nest: LoopNest,
  target: SimulatedTarget,
  shape: Shape,
): PacketCost {
  const { vectorBytes, copies } = shape;
  const scalar = vectorBytes === 0;
  const { packed, nodes } = keptFor(compiled, nest, target, `${part} ${vectorBytes} ${copies}`, () =>
    compiledOf(partsOf(nest).all, partsOf(nest)[part], nest, target, shape),
  );
  let serial = 0;
  for (const { node, strands } of nodes)
    serial += strands * serialCycles(node, target, scalar, vectorBytes / nest.laneBytes);
  const { cycles, issue } = costOf(packed, target, scalar);
  return { cycles: cycles + serial, issue: issue + serial };
}

function compiledOf(
  all: readonly BodyNode[],
  part: readonly BodyNode[],
  nest: LoopNest,
  target: SimulatedTarget,
  shape: Shape,
): Compiled {
  const scalar = shape.vectorBytes === 0;
  const ops: MicroOp[] = [];
  const results = new Map<BodyNode, number[]>();
  const nodes: { node: BodyNode; strands: number }[] = [];
  for (const node of part) {
    const strands = strandsOf(node, nest, shape, target.vector.bytes);
    const inputs = node.inputs.map((input) => results.get(all[input])).filter((found) => found !== undefined);
    const made: number[] = [];
    for (let strand = 0; strand < strands; strand++) {
      const after = inputs.flatMap((found) =>
        found.length > 0 ? [found[Math.floor((strand * found.length) / strands)]] : [],
      );
      const last = emit(ops, node, after, target.ops, scalar);
      if (last !== undefined) made.push(last);
      else made.push(...after.slice(0, 1));
    }
    results.set(node, made);
    nodes.push({ node, strands });
  }
  return { packed: pack(ops, target, scalar), nodes };
}

/** How many registers (or scalars) a node fills in one body. */
function strandsOf(
  node: BodyNode,
  nest: LoopNest,
  { vectorBytes, copies }: Shape,
  registerWidth: number,
): number {
  const repeated = node.varies.copies ? copies : 1;
  if (vectorBytes === 0 || !node.varies.lanes) return repeated;
  const widening = Math.max(1, registerBytes(node.dtype) / nest.laneBytes);
  return Math.ceil((repeated * widening * vectorBytes) / registerWidth);
}

/** Bytes of an element in a register; 0 for a condition, which is as wide as what it compares. */
function registerBytes(dtype: DType): number {
  return dtype === 'bool' ? 0 : BYTES[dtype];
}

/** Appends a node's operations. Returns the position of the last one, or undefined where it has none. */
function emit(
  ops: MicroOp[],
  node: BodyNode,
  after: readonly number[],
  { vectorFloats, vectorDivision }: SimulatedTarget['ops'],
  scalar: boolean,
): number | undefined {
  const push = (kind: MicroOp['class'], inputs: readonly number[]) =>
    ops.push({ class: kind, after: inputs }) - 1;
  if (node.kind === 'store') return push('store', after);
  const inputs = node.kind === 'compute' ? after : [push('load', after)];
  const { steps } = node.expansion;
  // Scalar units compute in the format they store, as vector units for IEEE floats do, and need no splats.
  const isSkipped = ({ class: kind, divides }: (typeof steps)[number]) =>
    (kind === 'normalize' && (scalar || vectorFloats === 'ieee')) ||
    (kind === 'permute' && scalar && steps.length === 1) ||
    (divides && !scalar && vectorDivision === 'scalar');
  const ends: (readonly number[])[] = [];
  for (const step of steps) {
    const from =
      step.inputs.length === 0 ? inputs : [...new Set(step.inputs.flatMap((earlier) => ends[earlier]))];
    ends.push(isSkipped(step) ? from : [push(step.class, from)]);
  }
  return ends.at(-1)?.at(-1) ?? (node.kind === 'compute' ? undefined : inputs[0]);
}

/**
 * Packets of a scalar division of one lane of a vector: its ten float operations go two to a packet, and the lane is
 * taken out and put back.
 */
const LANE_DIVISION = 6;

/** Cycles that no schedule hides: lanes one by one, library calls, 16-bit floats in software. */
function serialCycles(node: BodyNode, target: SimulatedTarget, scalar: boolean, lanes: number): number {
  const { divisions, called } = node.expansion;
  if (!scalar) {
    const apart = target.ops.vectorDivision === 'scalar' ? divisions * LANE_DIVISION : 0;
    const gathered = node.kind === 'gather' ? target.vector.gatherCyclesPerLane : 0;
    return lanes * (apart + gathered) + (called ? target.ops.vectorCall : 0);
  }
  return (called ? target.ops.scalarCall : 0) + (node.half ? target.ops.scalarHalf : 0);
}

/** The cost of merging accumulators: the copies, then the halves of a register, until one lane has the result. */
function mergeLanes(
  nest: LoopNest,
  target: SimulatedTarget,
  vectorBytes: number,
  unroll: number,
): PacketCost {
  if (nest.body.laneMerges.length === 0) return NONE;
  const outputs = nest.unroll === nest.vector ? 1 : unroll;
  const packed = keptFor(merging, nest, target, `${vectorBytes} ${unroll}`, () =>
    pack(mergeOps(nest, target, vectorBytes, unroll, outputs), target, vectorBytes === 0),
  );
  if (packed.ops.length === 0) return NONE;
  const { cycles, issue } = costOf(packed, target, vectorBytes === 0);
  return { cycles: cycles / outputs, issue: issue / outputs };
}

function mergeOps(
  nest: LoopNest,
  target: SimulatedTarget,
  vectorBytes: number,
  unroll: number,
  outputs: number,
): readonly MicroOp[] {
  const merges = nest.body.laneMerges.map(expansionOf);
  const together = nest.unroll === nest.vector ? unroll : 1;
  const halvings = vectorBytes === 0 ? 0 : Math.log2(target.vector.bytes / nest.laneBytes);
  const pairs = vectorBytes > target.vector.bytes ? vectorBytes / target.vector.bytes : 1;
  const ops: MicroOp[] = [];
  for (let output = 0; output < outputs; output++) {
    for (const { steps } of merges) {
      const chain = steps.map((step) => step.class);
      let last: number[] = [];
      const step = (kinds: readonly MicroOp['class'][]) => {
        for (const kind of kinds) last = [ops.push({ class: kind, after: last }) - 1];
      };
      for (let copy = 1; copy < together * pairs; copy++) step(chain);
      for (let half = 0; half < halvings; half++) step(['permute', ...chain]);
    }
  }
  return ops;
}

function pack(ops: readonly MicroOp[], { packet, ops: costs }: SimulatedTarget, scalar: boolean): PackedOps {
  return scalar ? packScalar(ops, packet) : packVectors(ops, packet, costs.vectorFloats);
}

function costOf(packed: PackedOps, { ops: costs, vector }: SimulatedTarget, scalar: boolean): PacketCost {
  if (scalar) return packetCost(packed, costs.scalar, vector.registers);
  const scale = costs.vectorLatencyScale;
  const { load, store, alu, floatAdd, multiply, shift, permute, convert } = costs.vector;
  const scaled = {
    load: load * scale,
    store: store * scale,
    alu: alu * scale,
    floatAdd: floatAdd * scale,
    multiply: multiply * scale,
    shift: shift * scale,
    permute: permute * scale,
    convert: convert * scale,
  };
  return packetCost(packed, scaled, vector.registers);
}

/** Made once for a nest on all targets that pack alike, such as the parameter sets of one. */
type Kept<V> = WeakMap<LoopNest, WeakMap<SimulatedTarget['packet'], Map<string, V>>>;

const compiled: Kept<Compiled> = new WeakMap();
const merging: Kept<PackedOps> = new WeakMap();

function keptFor<V>(
  kept: Kept<V>,
  nest: LoopNest,
  { packet, ops: { vectorFloats, vectorDivision }, vector: { bytes } }: SimulatedTarget,
  name: string,
  make: () => V,
): V {
  const ofNest = entry(kept, nest, () => new WeakMap());
  const ofPacket = entry(ofNest, packet, () => new Map());
  return entry(ofPacket, `${name} ${bytes} ${vectorFloats} ${vectorDivision}`, make);
}

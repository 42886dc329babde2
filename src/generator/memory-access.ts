import type { DType } from '../kernels/ir.ts';
import { required } from '../kernels/lookup.ts';
import type { CodeNode } from './code-node.ts';
import type { Lanes } from './lanes.ts';
import type { CodeLanguage, Local, Render } from './language.ts';
import type { Size, SizedMap } from './sizes.ts';
import { type Storage, storageIn } from './storage.ts';

/** An array in memory that a variant reads or writes. */
export type MemoryRegion = Readonly<{
  name: string;
  dtype: DType;
  /** Address of element 0. */
  base: CodeNode;
  /** Nothing in the function writes it, so reads may be shared and hoisted. */
  constant: boolean;
  /** Bytes ahead of each read along the vectorized dimension that the next data is asked for; absent: not at all. */
  prefetch?: number;
  /** Whether whole registers are stored past the caches, where that is known to be aligned. Nothing reads it then. */
  streams?: boolean;
}>;

/** The current index of each dimension. */
export type LoopCounters = ReadonlyMap<string, CodeNode>;

/**
 * The point of the iteration space for which code is generated. Along the vectorized dimension it is one
 * element, or the lanes of a `wide` register, that many elements `ahead` of the counter.
 */
export type Position = Readonly<{
  index: LoopCounters;
  vector?: Readonly<{ dim: string; wide: boolean; ahead: number; overlaps?: true }>;
}>;

/** Loads element `at` of a region, or one for each lane where the vectorized dimension moves it and is wide. */
export function emitLoad(l: Lanes, region: MemoryRegion, at: SizedMap, position: Position): CodeNode {
  const storage = storageIn(l.language, region);
  const stride = laneStride(at, position);
  const { address, ahead } = addressOf(l, region, at, position);
  prefetch(l, region, at, position, { address, ahead });
  if (stride === undefined) return storage.decode(l, read(l, region, storage, address, ahead, false));
  if (stride === 1) return storage.decode(l, read(l, region, storage, address, ahead, true));
  const lanes = l.perLane((lane) => {
    const own = moved(l, { address, ahead }, stride, lane * storage.bytes);
    return read(l, region, storage, own.address, own.ahead, false);
  });
  return storage.decode(l, l.gather(lanes));
}

/** Stores to element `at` of a region, or to one for each lane; not where `when` is false. */
export function emitStore(
  l: Lanes,
  region: MemoryRegion,
  at: SizedMap,
  position: Position,
  value: CodeNode,
  when?: CodeNode,
): void {
  const storage = storageIn(l.language, region);
  const stride = laneStride(at, position);
  const { address, ahead } = addressOf(l, region, at, position);
  if (stride === undefined) {
    write(l, storage, address, ahead, storage.encode(l, l.extract(value, 0)), when && l.extract(when, 0));
  } else if (stride === 1 && when === undefined) {
    const encoded = storage.encode(l, l.widen(value));
    const streams = region.streams && isAligned(l, storage, at, position);
    write(l, storage, address, ahead, encoded, undefined, streams ? l.language.stream : undefined);
  } else {
    const encoded = storage.encode(l, l.widen(value));
    for (let lane = 0; lane < l.count; lane++) {
      const mask = when && l.extract(when, lane);
      const own = moved(l, { address, ahead }, stride, lane * storage.bytes);
      write(l, storage, own.address, own.ahead, l.extract(encoded, lane), mask);
    }
  }
}

/** Whether a register's address is a multiple of its bytes, as operands begin on pages and loops at whole registers. */
function isAligned(l: Lanes, { bytes }: Storage, at: SizedMap, { vector }: Position): boolean {
  if (vector?.overlaps) return false;
  const moves = Object.entries(at.strides).filter(([dim]) => dim !== vector?.dim);
  const steps = [at.offset, vector?.ahead ?? 0, ...moves.map(([, stride]) => stride)];
  return bytes === 4 && steps.every((step) => typeof step === 'number' && step % l.count === 0);
}

/** Bytes that memory is fetched by. */
const LINE_BYTES = 64;

/** Asks for the data that a later turn of the loop reads, once for each cache line. */
function prefetch(
  l: Lanes,
  region: MemoryRegion,
  at: SizedMap,
  { vector }: Position,
  { address, ahead }: Place,
): void {
  const distance = region.prefetch;
  const ask = l.language.prefetch;
  if (distance === undefined || ask === undefined) return;
  if (vector === undefined || (at.strides[vector.dim] ?? 0) === 0) return;
  const line = Math.floor(ahead / LINE_BYTES) * LINE_BYTES;
  l.graph.once(`prefetch ${line} ${address.id}`, () => l.graph.effect([address], ask(line + distance)));
}

/** Elements from lane to lane; undefined where all lanes are the same element. */
function laneStride(at: SizedMap, { vector }: Position): Size | undefined {
  const stride = vector?.wide ? (at.strides[vector.dim] ?? 0) : 0;
  return stride === 0 ? undefined : stride;
}

/** Where an element is. Outer counters are added first, so that partial sums are hoisted out of the inner loops. */
function addressOf(l: Lanes, region: MemoryRegion, at: SizedMap, position: Position): Place {
  const { bytes } = storageIn(l.language, region);
  const { vector } = position;
  const terms = Object.entries(at.strides)
    .filter(([, stride]) => stride !== 0)
    .map(([dim, stride]) => times(l, required(position.index, dim), stride, bytes))
    .toSorted((a, b) => a.scope.depth - b.scope.depth);
  const start = plus(l, region.base, at.offset, bytes);
  const address = terms.reduce((sum, term) => l.do('iadd', sum, term), start);
  const step = vector === undefined ? 0 : (at.strides[vector.dim] ?? 0);
  return moved(l, { address, ahead: 0 }, step, (vector?.ahead ?? 0) * bytes);
}

/** An address, and bytes ahead of it that the load or store instruction adds at no cost. */
type Place = Readonly<{ address: CodeNode; ahead: number }>;

/** The place `size` · `factor` bytes further. */
function moved(l: Lanes, { address, ahead }: Place, size: Size, factor: number): Place {
  return typeof size === 'number'
    ? { address, ahead: ahead + size * factor }
    : { address: plus(l, address, size, factor), ahead };
}

/** x · size · factor */
export function times(l: Lanes, x: CodeNode, size: Size, factor = 1): CodeNode {
  if (typeof size === 'number') return timesConstant(l, x, size * factor);
  return l.do('imul', x, timesConstant(l, size, factor));
}

/** x + size · factor */
export function plus(l: Lanes, x: CodeNode, size: Size, factor = 1): CodeNode {
  if (typeof size === 'number') return addConstant(l, x, size * factor);
  return factor === 0 ? x : l.do('iadd', x, timesConstant(l, size, factor));
}

export function timesConstant(l: Lanes, x: CodeNode, factor: number): CodeNode {
  if (x.constant !== undefined) return l.i32(x.constant * factor);
  if (factor === 1) return x;
  const places = Math.log2(factor);
  return Number.isInteger(places) ? l.shift('shl', x, places) : l.do('imul', x, l.i32(factor));
}

export function addConstant(l: Lanes, x: CodeNode, amount: number): CodeNode {
  return amount === 0 ? x : l.do('iadd', x, l.i32(amount));
}

/** The unsigned quotient or remainder by a constant. */
export function divideByConstant(l: Lanes, op: 'rem_u' | 'div_u', x: CodeNode, by: number): CodeNode {
  const render = l.language.divide(op, by);
  return l.graph.pure(`${op}${by}`, { type: x.type, wide: false, args: [x], render });
}

/** Loads one f32 into all lanes, with one instruction. */
export function emitLoadSplat(l: Lanes, region: MemoryRegion, at: SizedMap, position: Position): CodeNode {
  const { address, ahead } = addressOf(l, region, at, position);
  return fetch(l, region, address, ahead, { type: 'f32', wide: true }, 'splat', l.language.loadSplat);
}

function read(
  l: Lanes,
  region: MemoryRegion,
  storage: Storage,
  address: CodeNode,
  ahead: number,
  wide: boolean,
): CodeNode {
  const load = (offset: number): Render => l.language.load(storage, wide, offset);
  return fetch(l, region, address, ahead, { type: storage.raw, wide }, '', load);
}

/** A load keeps its place in program order, unless it is of a region that nothing writes. */
function fetch(
  l: Lanes,
  region: MemoryRegion,
  address: CodeNode,
  ahead: number,
  { type, wide }: Local,
  how: string,
  load: (offset: number) => Render,
): CodeNode {
  const { base, offset } = immediate(l, address, ahead);
  const made = { type, wide, args: [base], render: load(offset) };
  if (!region.constant) return l.graph.ordered(made);
  const node = l.graph.pure(`load${how} ${type} ${wide} ${region.dtype} ${offset}`, made);
  node.local = true;
  return node;
}

/** Address and offset of an instruction. Languages have unsigned offsets, so a negative one goes into the address. */
function immediate(l: Lanes, address: CodeNode, ahead: number): Readonly<{ base: CodeNode; offset: number }> {
  return ahead < 0 ? { base: addConstant(l, address, ahead), offset: 0 } : { base: address, offset: ahead };
}

/** Stores a narrow value, or all lanes of a wide one to neighbouring elements. */
function write(
  l: Lanes,
  storage: Storage,
  address: CodeNode,
  ahead: number,
  value: CodeNode,
  when?: CodeNode,
  stream?: CodeLanguage['stream'],
): void {
  const { base, offset } = immediate(l, address, ahead);
  const store = stream?.(offset) ?? l.language.store(storage, value.wide, offset);
  if (when === undefined) l.graph.effect([base, value], store);
  else {
    l.graph.effect([base, value, when], ([to, what, condition]) =>
      l.language.conditional(condition, store([to, what])),
    );
  }
}

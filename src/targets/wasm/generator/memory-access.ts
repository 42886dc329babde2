import type { DType, IndexMap } from '../../../kernels/ir.ts';
import type { Lanes } from './lanes.ts';
import type { Node } from './node.ts';
import { STORAGE, type Storage } from './storage.ts';

/** A region that a variant reads or writes: where its element 0 lies, and how its elements do. */
export type Region = Readonly<{
  name: string;
  dtype: DType;
  /** Address of element 0. */
  base: Node;
  /** Nothing in the function writes it, so reads may be shared and hoisted. */
  constant: boolean;
}>;

/**
 * The point at which code is generated. `index` has the loop counters; lanes and registers of the
 * vectorized dimension lie `step` apart, this register `ahead` of its counter.
 */
export type Position = Readonly<{
  index: ReadonlyMap<string, Node>;
  vector?: Readonly<{ dim: string; wide: boolean; ahead: number }>;
}>;

/** Reads element `at` of a region: wide where the vectorized dimension moves it. */
export function load(l: Lanes, region: Region, at: IndexMap, position: Position): Node {
  const storage = storageOf(region);
  const stride = laneStride(at, position);
  const { address, ahead } = addressOf(l, region, at, position);
  if (stride === undefined) return storage.decode(l, read(l, region, storage, address, ahead));
  if (stride === 1) return storage.decode(l, readWide(l, region, storage, address, ahead));
  const apart = stride * storage.bytes;
  const lanes = [0, 1, 2, 3].map((lane) => read(l, region, storage, address, ahead + lane * apart));
  return storage.decode(l, l.gather(lanes));
}

/** Writes element `at` of a region, one or four of them; `when` skips. */
export function store(
  l: Lanes,
  region: Region,
  at: IndexMap,
  position: Position,
  value: Node,
  when?: Node,
): void {
  const storage = storageOf(region);
  const stride = laneStride(at, position);
  const { address, ahead } = addressOf(l, region, at, position);
  if (stride === undefined) {
    write(l, storage, address, ahead, storage.encode(l, l.extract(value, 0)), when && l.extract(when, 0));
  } else if (stride === 1 && when === undefined) {
    writeWide(l, storage, address, ahead, storage.encode(l, l.widen(value)));
  } else {
    const encoded = storage.encode(l, l.widen(value));
    for (let lane = 0; lane < 4; lane++) {
      const mask = when && l.extract(when, lane);
      write(l, storage, address, ahead + lane * stride * storage.bytes, l.extract(encoded, lane), mask);
    }
  }
}

/** Elements between lanes; undefined where all lanes are one element. */
function laneStride(at: IndexMap, { vector }: Position): number | undefined {
  const stride = vector?.wide ? (at.strides[vector.dim] ?? 0) : 0;
  return stride === 0 ? undefined : stride;
}

export function storageOf({ dtype }: Readonly<{ dtype: DType }>): Storage {
  const storage = STORAGE[dtype];
  if (storage === undefined) throw new Error(`no storage for ${dtype}`);
  return storage;
}

/**
 * Where an element lies: an address, and bytes ahead of it that the instruction adds for nothing.
 * The outermost counters are added first, so that partial sums leave the inner loops.
 */
export function addressOf(
  l: Lanes,
  region: Region,
  at: IndexMap,
  position: Position,
): Readonly<{ address: Node; ahead: number }> {
  const { bytes } = storageOf(region);
  const { vector } = position;
  const ahead = vector === undefined ? 0 : vector.ahead * (at.strides[vector.dim] ?? 0);
  const terms = Object.entries(at.strides)
    .filter(([, stride]) => stride !== 0)
    .map(([dim, stride]) => times(l, position.index.get(dim)!, stride * bytes))
    .toSorted((a, b) => a.scope.depth - b.scope.depth);
  const start = add(l, region.base, at.offset * bytes);
  const address = terms.reduce((sum, term) => l.do('iadd', sum, term), start);
  return { address, ahead: ahead * bytes };
}

export function times(l: Lanes, x: Node, factor: number): Node {
  if (x.constant !== undefined) return l.i32(x.constant * factor);
  if (factor === 1) return x;
  const places = Math.log2(factor);
  return Number.isInteger(places) ? l.shift('shl', x, places) : l.do('imul', x, l.i32(factor));
}

export function add(l: Lanes, x: Node, amount: number): Node {
  return amount === 0 ? x : l.do('iadd', x, l.i32(amount));
}

/** An unsigned quotient or remainder by a number known while generating. */
export function divide(l: Lanes, op: 'rem_u' | 'div_u', x: Node, by: number): Node {
  const render = ([text]: readonly string[]) => `(i32.${op} ${text} (i32.const ${by}))`;
  return l.graph.pure(`${op}${by}`, { type: 'i32', wide: false, args: [x], render });
}

/** One f32 in all four lanes, as one instruction. */
export function loadSplat(l: Lanes, region: Region, at: IndexMap, position: Position): Node {
  const { address, ahead } = addressOf(l, region, at, position);
  return fetch(l, region, address, ahead, 'f32', true, (memory) => `(v128.load32_splat ${memory})`, 'splat');
}

function read(l: Lanes, region: Region, storage: Storage, address: Node, ahead: number): Node {
  return fetch(l, region, address, ahead, storage.raw, false, (memory) => `(${storage.load} ${memory})`);
}

function readWide(l: Lanes, region: Region, storage: Storage, address: Node, ahead: number): Node {
  return fetch(l, region, address, ahead, storage.raw, true, storage.loadWide);
}

/** A load stands where it is made: in batch order, before any computation that follows it. */
function fetch(
  l: Lanes,
  region: Region,
  address: Node,
  ahead: number,
  type: 'f32' | 'i32',
  wide: boolean,
  text: (memory: string) => string,
  how = '',
): Node {
  const { base, offset } = immediate(l, address, ahead);
  const made = {
    type,
    wide,
    args: [base],
    render: ([where]: readonly string[]) => text(`offset=${offset} ${where}`),
  };
  if (!region.constant) return l.graph.ordered(made);
  const node = l.graph.pure(`load${how} ${type} ${wide} ${region.dtype} ${offset}`, made);
  node.local = true;
  return node;
}

/** An instruction's own offset is unsigned. */
function immediate(l: Lanes, address: Node, ahead: number): Readonly<{ base: Node; offset: number }> {
  return ahead < 0 ? { base: add(l, address, ahead), offset: 0 } : { base: address, offset: ahead };
}

function write(l: Lanes, storage: Storage, address: Node, ahead: number, value: Node, when?: Node): void {
  const { base, offset } = immediate(l, address, ahead);
  const render = ([to, what]: readonly string[]) => `(${storage.store} offset=${offset} ${to} ${what})`;
  if (when === undefined) l.graph.effect([base, value], render);
  else {
    l.graph.effect(
      [base, value, when],
      ([to, what, condition]) => `(if ${condition} (then ${render([to, what])}))`,
    );
  }
}

const NARROWING = {
  1: { bytes: [0, 4, 8, 12], store: 'v128.store32_lane' },
  2: { bytes: [0, 1, 4, 5, 8, 9, 12, 13], store: 'v128.store64_lane' },
} as const;

function writeWide(l: Lanes, storage: Storage, address: Node, ahead: number, value: Node): void {
  const { base, offset } = immediate(l, address, ahead);
  if (storage.bytes === 4) {
    l.graph.effect([base, value], ([to, what]) => `(v128.store offset=${offset} ${to} ${what})`);
    return;
  }
  const { bytes, store: instruction } = NARROWING[storage.bytes];
  const picked = [...bytes, ...Array.from({ length: 16 - bytes.length }, () => 0)].join(' ');
  l.graph.effect([base, value], ([to, what]) => {
    const zero = '(v128.const i32x4 0 0 0 0)';
    return `(${instruction} offset=${offset} 0 ${to} (i8x16.shuffle ${picked} ${what} ${zero}))`;
  });
}

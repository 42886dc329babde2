import type { LaneType } from '../lowering/expressions/lane-type.ts';
import type { LaneOperationName } from './lane-operations.ts';

/**
 * The type of a value in generated code: a number of a lane, a loop's counter and what is made of it, or where
 * something is in memory.
 */
export type CodeType = LaneType | 'index' | 'address';

/** A local of generated code. */
export type Local = Readonly<{ type: CodeType; wide: boolean }>;

/** How an element lies in memory. */
export type Element = Readonly<{
  bytes: 1 | 2 | 4;
  /** What a load gives before it is decoded, and what is stored once it is encoded. */
  raw: 'f32' | 'i32';
  signed: boolean;
  /** Whether it is an f16 number that a load makes an f32 of, and a store is given as one. */
  half?: true;
}>;

/** The text of a construct, given the texts of its parts. */
export type Render = (parts: readonly string[]) => string;

/**
 * How generated code is written down. The generator decides what is computed, where and in which order; a
 * language has a text for each construct. A wide value has `lanes` lanes. A mask is 0 or 1 where narrow; where
 * wide, no or all bits of its lane are set.
 */
export interface CodeLanguage {
  readonly lanes: number;
  /** Whether its loads and stores convert f16; else that is done by arithmetic on the bits. */
  readonly convertsHalves: boolean;

  constant(type: LaneType, value: number, wide: boolean): string;
  /** 0, 1, 2 … times `step`, a lane each. */
  iota(step: number): string;
  /** Undefined where a wide operation is done lane by lane. An address and a number of bytes are added by `iadd`. */
  operation(name: LaneOperationName, wide: boolean): Render | undefined;
  shift(op: 'shl' | 'shr_s' | 'shr_u', places: number, of: Local): Render;
  /** An index as a number. */
  integer: Render;
  /** Of the value where the condition holds, the other, and the condition. */
  select(type: LaneType, wide: boolean): Render;
  /** Of a and b: b where a < b (pmax) or b < a (pmin), else a. Narrow code may name its parts more than once. */
  pick(name: 'pmax' | 'pmin', wide: boolean): Render;
  /** a · b + c, or c − a · b, on wide values, rounded once. */
  fused(name: 'madd' | 'nmadd'): Render;
  /** The unsigned remainder or quotient by a constant. */
  divide(op: 'rem_u' | 'div_u', by: number): Render;

  /** A narrow value in all lanes. */
  splat(type: LaneType): Render;
  extract(type: LaneType, lane: number): Render;
  /** Narrow values, a lane each. */
  gather(type: LaneType): Render;
  /** Swaps lanes that are `distance` apart. */
  swap(type: LaneType, distance: number): Render;

  /** What is stored `offset` bytes after an address, before it is decoded; wide: contiguous elements. */
  load(element: Element, wide: boolean, offset: number): Render;
  /** One f32 in all lanes. */
  loadSplat(offset: number): Render;
  /** Stores the second part at the first. */
  store(element: Element, wide: boolean, offset: number): Render;
  /**
   * Stores a wide value of four-byte elements past the caches, at an address that is a multiple of its bytes;
   * absent where that cannot be said.
   */
  stream?(offset: number): Render;
  /** Asks for what is `offset` bytes after an address; absent where that cannot be said. */
  prefetch?(offset: number): Render;

  /** The value of a local or a parameter. */
  read(name: string): string;
  /** Sets locals: every value is read before any is set. */
  set(names: readonly string[], values: readonly string[]): string;
  /** `body`, again and again while the condition holds after it. */
  repeat(label: string, body: string, condition: string): string;
  conditional(condition: string, body: string): string;
  declare(locals: ReadonlyMap<string, Local>): string;
}

/**
 * Operations for which machines have an instruction or a short sequence of them, on numbers of three kinds: f32,
 * i32 (`i…`) and truth (`m…`). `bitsOf` and `floatOf` reinterpret bits, `toFloat` and `toInteger` convert
 * (saturating; NaN is 0). Integers wrap; x / 0 is 0.
 */
export type Primitive =
  | 'add'
  | 'sub'
  | 'mul'
  | 'div'
  | 'neg'
  | 'abs'
  | 'sqrt'
  | 'floor'
  | 'ceil'
  | 'trunc'
  | 'nearest'
  | 'lt'
  | 'le'
  | 'gt'
  | 'ge'
  | 'eq'
  | 'ne'
  | 'iadd'
  | 'isub'
  | 'imul'
  | 'idiv'
  | 'irem'
  | 'imin'
  | 'imax'
  | 'iand'
  | 'ior'
  | 'ixor'
  | 'ishl'
  | 'ishr'
  | 'ilt'
  | 'ile'
  | 'igt'
  | 'ige'
  | 'ieq'
  | 'ine'
  | 'mand'
  | 'mor'
  | 'mxor'
  | 'mnot'
  | 'bitsOf'
  | 'floatOf'
  | 'toFloat'
  | 'toInteger';

/**
 * What an op's expansion is written with. Whoever implements it decides what comes of the expansion: an
 * emitter prints each primitive, a counter counts it.
 */
export interface Primitives<V> {
  f32(value: number): V;
  i32(value: number): V;
  mask(value: boolean): V;
  do(name: Primitive, ...given: readonly V[]): V;
  /** The nearest f16 number, as an f32; absent where f16 is computed as f32, and rounded when it is stored. */
  rounded?(value: V): V;
  /** a · b + c and c − a · b; may round once. */
  mulAdd(a: V, b: V, c: V): V;
  mulSub(a: V, b: V, c: V): V;
  /** a / b; may be a · (1 / b) where b changes less often. */
  quotient(a: V, b: V): V;
  /** 1 / √x, which many vector units approximate faster than either. */
  rsqrt(x: V): V;
  /** The larger and the smaller; NaN where either is. */
  larger(a: V, b: V): V;
  smaller(a: V, b: V): V;
  /** The same where c is known not to be NaN, which is cheaper. */
  atLeast(x: V, c: V): V;
  atMost(x: V, c: V): V;
  /** max(x, 0), or 0 for NaN, given |x|. */
  positivePart(x: V, size: V): V;
  shift(op: 'shl' | 'shr_s' | 'shr_u', x: V, places: number): V;
  /** `then` where the condition holds, else `otherwise`. */
  select(condition: V, then: V, otherwise: V): V;
}

import { InputError } from '../../search-space/input-error.ts';
import type { IndexMap } from './ir.ts';
import { required } from './lookup.ts';

/**
 * A whole-number index that is affine in the kernel's dimensions: offset + Σ stride · dimension.
 * Immutable; `i.times(4).plus(j).plus(1)` is 4i + j + 1.
 */
export class AffineIndex {
  readonly offset: number;
  readonly strides: ReadonlyMap<string, number>;

  constructor(offset: number, strides: ReadonlyMap<string, number>) {
    const broken = [offset, ...strides.values()].find((number) => !Number.isSafeInteger(number));
    if (broken !== undefined) {
      throw new InputError('index', `offset and strides must be whole numbers, got ${broken}`);
    }
    this.offset = offset;
    this.strides = strides;
  }

  plus(other: AffineIndex | number): AffineIndex {
    if (typeof other === 'number') return new AffineIndex(this.offset + other, this.strides);
    const strides = new Map(this.strides);
    for (const [name, stride] of other.strides) strides.set(name, (strides.get(name) ?? 0) + stride);
    return new AffineIndex(this.offset + other.offset, withoutZeros(strides));
  }

  minus(other: AffineIndex | number): AffineIndex {
    return this.plus(typeof other === 'number' ? -other : other.times(-1));
  }

  times(factor: number): AffineIndex {
    const scaled = [...this.strides].map(([name, stride]) => [name, stride * factor] as const);
    return new AffineIndex(this.offset * factor, withoutZeros(new Map(scaled)));
  }

  /** The plain data of the IR, dimensions in alphabetical order so that equal maps are equal JSON. */
  toMap(): IndexMap {
    const names = [...this.strides.keys()].sort();
    return {
      offset: this.offset,
      strides: Object.fromEntries(names.map((n) => [n, required(this.strides, n)])),
    };
  }
}

/** One dimension of the iteration space; as an index, its own value 0 … extent − 1. */
export class Dim extends AffineIndex {
  readonly name: string;
  readonly extent: number;

  constructor(name: string, extent: number) {
    super(0, new Map([[name, 1]]));
    this.name = name;
    this.extent = extent;
  }
}

/** The dimension or dimensions that a reduction runs over. */
export type Over = Dim | readonly Dim[];

export function namesOf(over: Over): readonly string[] {
  return over instanceof Dim ? [over.name] : over.map((dim) => dim.name);
}

/** The flat index of `indices` in a row-major array of `extents`. Throws InputError for another number of indices. */
export function rowMajor(
  what: string,
  extents: readonly number[],
  indices: readonly (AffineIndex | number)[],
): AffineIndex {
  if (indices.length !== extents.length) {
    throw new InputError(what, `has ${extents.length} dimensions, got ${indices.length} indices`);
  }
  let flat = new AffineIndex(0, new Map());
  for (const [position, index] of indices.entries()) flat = flat.times(extents[position]).plus(index);
  return flat;
}

function withoutZeros(strides: Map<string, number>): Map<string, number> {
  for (const [name, stride] of strides) if (stride === 0) strides.delete(name);
  return strides;
}

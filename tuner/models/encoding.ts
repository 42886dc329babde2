import type { Parameter } from '../../search-space/parameter.ts';
import type { Matrix } from './_base.ts';

/** Turns members, given by their digits, into rows of features. */
export type Encoding = Readonly<{
  columns: number;
  encode: (members: readonly Int32Array[]) => Matrix;
}>;

/** A value for each digit of one parameter. */
type Column = Readonly<{ place: number; values: Float64Array }>;

/** The sum (or the difference) of two columns that are no features themselves. */
type Pair = Readonly<{ first: Column; second: Column; sign: 1 | -1 }>;

/** A categorical of more values than this gets a column for each bit of its value's place. */
const MOST_VALUE_COLUMNS = 64;
/** With more sizes than this, their pairs would be most of the memory. */
const MOST_PAIRED_SIZES = 32;

/**
 * One column an ordinal or a flag: the place of its value, scaled to 0 … 1, so that doubling sizes
 * are evenly spaced. One column a value of a categorical. Parameters with a single value are left out.
 */
export function plainEncoding(parameters: readonly Parameter[]): Encoding {
  return encodingOf(plainColumns(parameters));
}

/**
 * The plain columns, and for each pair of sizes (positive ordinals with three values or more) the
 * logarithms of their product and ratio. A time seldom depends on one parameter alone, but on threads a
 * block, elements a thread, bytes a tile. A tree that can split on these learns from fewer trials.
 */
export function pairedEncoding(parameters: readonly Parameter[]): Encoding {
  const sizes = parameters.flatMap((parameter, place) => {
    const values = logarithms(parameter);
    return values === undefined ? [] : [{ place, values }];
  });
  const paired = sizes.length <= MOST_PAIRED_SIZES ? sizes : [];
  const pairs = paired.flatMap((first, i) =>
    paired.slice(i + 1).flatMap((second): Pair[] => [
      { first, second, sign: 1 },
      { first, second, sign: -1 },
    ]),
  );
  return encodingOf(plainColumns(parameters), pairs);
}

function plainColumns(parameters: readonly Parameter[]): Column[] {
  return parameters.flatMap(({ kind, values }, place): Column[] => {
    const column = (at: (digit: number) => number): Column => ({
      place,
      values: Float64Array.from(values, (_, digit) => at(digit)),
    });
    if (values.length < 2) return [];
    if (kind !== 'categorical' || values.length === 2) {
      return [column((digit) => digit / (values.length - 1))];
    }
    if (values.length <= MOST_VALUE_COLUMNS) {
      return values.map((_, own) => column((digit) => (digit === own ? 1 : 0)));
    }
    const bits = Math.ceil(Math.log2(values.length));
    return Array.from({ length: bits }, (_, bit) => column((digit) => (digit >> bit) & 1));
  });
}

function logarithms({ kind, values }: Parameter): Float64Array | undefined {
  if (kind !== 'ordinal' || values.length < 3) return undefined;
  const logs = Float64Array.from(values, (value) => Math.log2(Number(value)));
  return logs.every(Number.isFinite) ? logs : undefined;
}

function encodingOf(singles: readonly Column[], pairs: readonly Pair[] = []): Encoding {
  const columns = singles.length + pairs.length;
  return {
    columns,
    encode: (members) => {
      const values = new Float64Array(members.length * columns);
      let at = 0;
      for (const digits of members) {
        for (const single of singles) values[at++] = single.values[digits[single.place]];
        for (const { first, second, sign } of pairs) {
          values[at++] = first.values[digits[first.place]] + sign * second.values[digits[second.place]];
        }
      }
      return { rows: members.length, columns, values };
    },
  };
}

import type { Matrix } from './_base.ts';

/**
 * By feature, the place of each row's value among the different values: a split looks at one feature of many rows, and
 * small integers are compared faster. Features that are constant have no part in any split.
 */
export type CodedColumns = Readonly<{
  rows: number;
  codes: readonly Uint16Array[];
  distinct: readonly Float64Array[];
  /** Those that are not constant. */
  splittable: Int32Array;
}>;

export function codedColumns({ rows, columns, values }: Matrix): CodedColumns {
  const codes: Uint16Array[] = [];
  const distinct: Float64Array[] = [];
  const own = new Float64Array(rows);
  for (let column = 0; column < columns; column++) {
    for (let row = 0; row < rows; row++) own[row] = values[row * columns + column];
    const sorted = differentOf(own);
    distinct.push(sorted);
    const places = new Uint16Array(rows);
    for (let row = 0; row < rows; row++) places[row] = placeUpTo(sorted, own[row]);
    codes.push(places);
  }
  const splittable = Int32Array.from(distinct.keys()).filter((column) => distinct[column].length > 1);
  return { rows, codes, distinct, splittable };
}

/** They are few: a value is mostly one of those found already. */
function differentOf(values: Float64Array): Float64Array {
  const sorted = new Float64Array(values.length);
  let count = 0;
  for (const value of values) {
    const place = placeUpTo(sorted, value, count);
    if (place >= 0 && sorted[place] === value) continue;
    sorted.copyWithin(place + 2, place + 1, count);
    sorted[place + 1] = value;
    count++;
  }
  return sorted.slice(0, count);
}

/** The place of the largest of the first `count` that is not above `value`; −1 where all are. */
export function placeUpTo(sorted: Float64Array, value: number, count = sorted.length): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

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
    codes.push(Uint16Array.from(own, (value) => placeUpTo(sorted, value)));
  }
  const splittable = Int32Array.from(distinct.keys()).filter((column) => distinct[column].length > 1);
  return { rows, codes, distinct, splittable };
}

function differentOf(values: Float64Array): Float64Array {
  return values
    .slice()
    .sort()
    .filter((value, place, sorted) => place === 0 || value !== sorted[place - 1]);
}

/** The place of the largest that is not above `value`; −1 where all are. */
export function placeUpTo(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

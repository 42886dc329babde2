import type { Matrix } from './_base.ts';

/** The given rows, in their order; a row may be given twice. */
export function rowsOf(matrix: Matrix, rows: ArrayLike<number>): Matrix {
  const { columns, values } = matrix;
  const picked = new Float64Array(rows.length * columns);
  for (let i = 0; i < rows.length; i++) {
    picked.set(values.subarray(rows[i] * columns, (rows[i] + 1) * columns), i * columns);
  }
  return { rows: rows.length, columns, values: picked };
}

/** Mean and standard deviation (of the population). */
export function moments(values: ArrayLike<number>): Readonly<{ mean: number; sd: number }> {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  const mean = sum / values.length;
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i] - mean) ** 2;
  return { mean, sd: Math.sqrt(squares / values.length) };
}

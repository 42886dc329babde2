import { binaryFunction } from './arithmetic.ts';
import { COMBINE } from './combine.ts';
import type { Combine, Stage } from './ir.ts';
import { compileRow, type Point, type Row, type RowContext } from './rows.ts';

/** Accumulates rows of values, one after the other, into the components of a reduction's result. */
export type RowReducer = Readonly<{
  start: () => void;
  row: (point: Point, count: number) => void;
  result: () => readonly number[];
}>;

export function rowReducer(stage: Extract<Stage, { kind: 'reduce' }>, context: RowContext): RowReducer {
  const rows = stage.values.map((value) => compileRow(value, context));
  if (stage.combine.kind === 'region') return regionReducer(stage.combine, rows, context);
  const { op, identity } = COMBINE[stage.combine.kind];
  const combine = binaryFunction(op, stage.values[0].dtype);
  let total = identity;
  return {
    start: () => {
      total = identity;
    },
    row: (point, count) => {
      const x = rows[0](point, count);
      for (let i = 0; i < count; i++) total = combine(total, x[i]);
    },
    result: () => [total],
  };
}

function regionReducer(
  combine: Extract<Combine, { kind: 'region' }>,
  rows: readonly Row[],
  context: RowContext,
): RowReducer {
  const cells = (names: readonly string[]) =>
    names.map((name) => [name, { data: new Float64Array(1), at: { offset: 0, strides: {} } }] as const);
  const left = cells(combine.left);
  const right = cells(combine.right);
  const inside = { ...context, values: new Map([...left, ...right]) };
  const results = combine.results.map((result) => compileRow(result, inside));
  return {
    start: () => {
      for (const [component, [, cell]] of left.entries()) cell.data[0] = combine.identity[component];
    },
    row: (point, count) => {
      const values = rows.map((row) => row(point, count));
      for (let i = 0; i < count; i++) {
        for (const [component, [, cell]] of right.entries()) cell.data[0] = values[component][i];
        const next = results.map((result) => result(point, 1)[0]);
        for (const [component, [, cell]] of left.entries()) cell.data[0] = next[component];
      }
    },
    result: () => left.map(([, cell]) => cell.data[0]),
  };
}

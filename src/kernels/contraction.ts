import { castFunction, isInteger } from './arithmetic.ts';
import type { Expression, Stage } from './ir.ts';
import { forEachPoint, forEachRow, type Loop } from './loops.ts';
import { compileRow, type Point, ROW, type RowContext } from './rows.ts';
import { walk } from './walk.ts';

type Contraction = Extract<Stage, { kind: 'contract' }>;

/**
 * Fills `result` with a contraction, row-major over its dims, in the loop order that reads memory in
 * rows: along the last result dimension where an operand is contiguous in it (A·B), else along the
 * reduced one (A·Bᵀ).
 */
export function contract(
  stage: Contraction,
  loops: (names: readonly string[]) => readonly Loop[],
  context: RowContext,
  result: Float64Array,
): void {
  const inner = stage.dims.at(-1);
  const sideways = inner !== undefined && [stage.left, stage.right].some((side) => isContiguous(side, inner));
  if (sideways) sumSideways(stage, loops, { ...context, inner }, result);
  else sumAlong(stage, loops, context, result);
  if (!isInteger(stage.dtype)) return;
  const wrap = castFunction('i64', stage.dtype);
  for (let i = 0; i < result.length; i++) result[i] = wrap(result[i]);
}

function isContiguous(side: Expression, inner: string): boolean {
  return side.kind === 'cast'
    ? isContiguous(side.operand, inner)
    : side.kind === 'load' && side.at.strides[inner] === 1;
}

type LoopsOf = (names: readonly string[]) => readonly Loop[];

/** A dot product for each element. */
function sumAlong(stage: Contraction, loops: LoopsOf, context: RowContext, result: Float64Array): void {
  const left = compileRow(stage.left, context);
  const right = compileRow(stage.right, context);
  const over = loops(stage.over);
  const point: Point = [];
  let next = 0;
  let total = 0;
  const add = (at: Point, count: number): void => {
    const x = left(at, count);
    const y = right(at, count);
    for (let i = 0; i < count; i++) total += x[i] * y[i];
  };
  forEachPoint(point, loops(stage.dims), () => {
    total = 0;
    forEachRow(point, over, add);
    result[next++] = total;
  });
}

/** A row of sums at a time. A side that does not change along the row is read once for all of it. */
function sumSideways(stage: Contraction, loops: LoopsOf, context: RowContext, result: Float64Array): void {
  const left = compileRow(stage.left, context);
  const right = compileRow(stage.right, context);
  const over = loops(stage.over);
  const sums = new Float64Array(ROW);
  const add = isConstantAlong(stage.left, context.inner)
    ? (point: Point, count: number) => addScaled(sums, left(point, 1)[0], right(point, count), count)
    : (point: Point, count: number) => addProducts(sums, left(point, count), right(point, count), count);
  let next = 0;
  forEachRow([], loops(stage.dims), (point, count) => {
    sums.fill(0);
    forEachPoint(point, over, () => add(point, count));
    result.set(sums.subarray(0, count), next);
    next += count;
  });
}

function isConstantAlong(side: Expression, inner: string | undefined): boolean {
  let constant = true;
  walk(side, (part) => {
    if ('at' in part && inner !== undefined && (part.at.strides[inner] ?? 0) !== 0) constant = false;
    if (part.kind === 'value') constant = false;
  });
  return constant;
}

function addScaled(sums: Float64Array, x: number, y: Float64Array, count: number): void {
  for (let i = 0; i < count; i++) sums[i] += x * y[i];
}

function addProducts(sums: Float64Array, x: Float64Array, y: Float64Array, count: number): void {
  for (let i = 0; i < count; i++) sums[i] += x[i] * y[i];
}

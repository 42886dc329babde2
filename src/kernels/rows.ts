import { binaryFunction, castFunction, unaryFunction } from './arithmetic.ts';
import type { Expression, IndexMap } from './ir.ts';
import { required } from './lookup.ts';
import { COMPARE_OPS } from './ops/compare.ts';

/** At most this many neighbouring points are computed at once. */
export const ROW = 1024;

/** Rows from this length on are views of contiguous data, shorter ones are copied: a view costs as much as that copy. */
const LONG = 64;

/** The current index of each of the kernel's dimensions. */
export type Point = number[];

/**
 * The values of an expression at `count` points from `point` on, along the innermost loop. The array is
 * used again by the next call, or is the operand itself: read it, never write it.
 */
export type Row = (point: Point, count: number) => Float64Array;

/** What an expression is evaluated with. */
export type RowContext = Readonly<{
  /** Position of a dimension in a point. */
  position: ReadonlyMap<string, number>;
  /** The dimension along which a row runs; undefined where there is no loop at all. */
  inner: string | undefined;
  operands: ReadonlyMap<string, Float64Array>;
  values: ReadonlyMap<string, Readonly<{ data: Float64Array; at: IndexMap }>>;
}>;

/** Compiles an expression to closures that work on whole rows. */
export function compileRow(expression: Expression, context: RowContext): Row {
  const out = new Float64Array(ROW);
  switch (expression.kind) {
    case 'constant':
      out.fill(expression.value);
      return () => out;
    case 'index':
      return indexRow(compileAddress(expression.at, context), out);
    case 'value': {
      const { data, at } = required(context.values, expression.name);
      return gatherRow(data, compileAddress(at, context), out);
    }
    case 'load':
      return loadRow(expression, context, out);
    case 'unary':
      return mapRow(
        compileRow(expression.operand, context),
        unaryFunction(expression.op, expression.operand.dtype),
        out,
      );
    case 'cast':
      return mapRow(
        compileRow(expression.operand, context),
        castFunction(expression.operand.dtype, expression.dtype),
        out,
      );
    case 'binary': {
      const f = binaryFunction(expression.op, expression.dtype);
      return zipRow(compileRow(expression.left, context), compileRow(expression.right, context), f, out);
    }
    case 'compare': {
      const holds = COMPARE_OPS[expression.op].holds;
      const f = (x: number, y: number) => (holds(x, y) ? 1 : 0);
      return zipRow(compileRow(expression.left, context), compileRow(expression.right, context), f, out);
    }
    case 'select':
      return selectRow(expression, context, out);
  }
}

/** The flat index at the start of a row, and the step from one point to the next. */
type Address = Readonly<{ start: (point: Point) => number; step: number }>;

export function compileAddress(at: IndexMap, { position, inner }: RowContext): Address {
  const terms = Object.entries(at.strides).map(
    ([name, stride]) => [required(position, name), stride] as const,
  );
  const step = inner === undefined ? 0 : (at.strides[inner] ?? 0);
  const start = (point: Point): number => {
    let flat = at.offset;
    for (const [dimension, stride] of terms) flat += stride * point[dimension];
    return flat;
  };
  return { start, step };
}

function indexRow({ start, step }: Address, out: Float64Array): Row {
  return (point, count) => {
    const first = start(point);
    for (let i = 0; i < count; i++) out[i] = first + step * i;
    return out;
  };
}

function gatherRow(data: Float64Array, { start, step }: Address, out: Float64Array): Row {
  return (point, count) => {
    let flat = start(point);
    if (step === 1 && count >= LONG) return data.subarray(flat, flat + count);
    if (step === 0) return out.fill(data[flat], 0, count);
    for (let i = 0; i < count; i++, flat += step) out[i] = data[flat];
    return out;
  };
}

function loadRow(load: Extract<Expression, { kind: 'load' }>, context: RowContext, out: Float64Array): Row {
  const data = required(context.operands, load.operand);
  const address = compileAddress(load.at, context);
  if (load.when === undefined) return gatherRow(data, address, out);
  const when = compileRow(load.when, context);
  const otherwise = load.otherwise ?? 0;
  return (point, count) => {
    const mask = when(point, count);
    const first = address.start(point);
    for (let i = 0; i < count; i++) out[i] = mask[i] === 0 ? otherwise : data[first + address.step * i];
    return out;
  };
}

function mapRow(operand: Row, f: (x: number) => number, out: Float64Array): Row {
  return (point, count) => {
    const x = operand(point, count);
    for (let i = 0; i < count; i++) out[i] = f(x[i]);
    return out;
  };
}

function zipRow(left: Row, right: Row, f: (x: number, y: number) => number, out: Float64Array): Row {
  return (point, count) => {
    const x = left(point, count);
    const y = right(point, count);
    for (let i = 0; i < count; i++) out[i] = f(x[i], y[i]);
    return out;
  };
}

function selectRow(
  { condition, then, otherwise }: Extract<Expression, { kind: 'select' }>,
  context: RowContext,
  out: Float64Array,
): Row {
  const conditionRow = compileRow(condition, context);
  const thenRow = compileRow(then, context);
  const otherwiseRow = compileRow(otherwise, context);
  return (point, count) => {
    const holds = conditionRow(point, count);
    const a = thenRow(point, count);
    const b = otherwiseRow(point, count);
    for (let i = 0; i < count; i++) out[i] = holds[i] === 0 ? b[i] : a[i];
    return out;
  };
}

import { InputError } from '../../search-space/input-error.ts';
import { binaryFunction, castFunction, isInteger } from './arithmetic.ts';
import { COMBINE } from './combine.ts';
import type { Combine, Dimension, IndexMap, Kernel, Stage } from './ir.ts';
import { compileAddress, compileRow, type Point, ROW, type Row, type Surroundings } from './rows.ts';
import { stageLoops, stageResults } from './walk.ts';

/** Contents of operands by name, a float64 an element whatever the dtype. */
export type Arrays = Readonly<Record<string, Float64Array>>;

/**
 * What the kernel computes, in float64: the yardstick for every backend. Floats are never rounded
 * to f32, f16 or bf16; integers are exact, wrap at their width, and a cast to one truncates.
 * `inputs` holds every input and inout operand; the result every output and inout operand.
 * Throws InputError for a missing array or a wrong length.
 */
export function evaluate(kernel: Kernel, inputs: Arrays): Record<string, Float64Array> {
  const operands = new Map(
    kernel.operands.map((operand) => [operand.name, arrayOf(kernel, operand, inputs)]),
  );
  const position = new Map(kernel.dimensions.map(({ name }, index) => [name, index]));
  const values = new Map<string, Readonly<{ data: Float64Array; at: IndexMap }>>();
  for (const stage of kernel.stages) {
    const arrays = stageResults(stage).map(({ name }) => allot(stage.dims, kernel.dimensions, name));
    const around: Surroundings = { position, inner: stageLoops(stage).at(-1), operands, values };
    computeStage(
      stage,
      kernel.dimensions,
      around,
      arrays.map((array) => array.data),
    );
    for (const { name, data, at } of arrays) values.set(name, { data, at });
  }
  const written = kernel.operands.filter((operand) => operand.role !== 'input');
  return Object.fromEntries(written.map(({ name }) => [name, operands.get(name)!]));
}

function arrayOf(kernel: Kernel, operand: Kernel['operands'][number], inputs: Arrays): Float64Array {
  const { name, role, elements } = operand;
  if (role === 'output') return new Float64Array(elements);
  const given = inputs[name];
  if (given?.length !== elements) {
    const problem =
      given === undefined ? 'is missing' : `has ${given.length} elements instead of ${elements}`;
    throw new InputError(`input ${name} of kernel ${kernel.name}`, problem);
  }
  return role === 'inout' ? given.slice() : given;
}

/** Room for a value at every point of its dimensions, row-major. */
function allot(dims: readonly string[], dimensions: readonly Dimension[], name: string) {
  const strides: Record<string, number> = {};
  let elements = 1;
  for (const dim of dims.toReversed()) {
    strides[dim] = elements;
    elements *= dimensions.find((dimension) => dimension.name === dim)!.extent;
  }
  return { name, data: new Float64Array(elements), at: { offset: 0, strides } };
}

function computeStage(
  stage: Stage,
  dimensions: readonly Dimension[],
  around: Surroundings,
  results: readonly Float64Array[],
): void {
  const loops = (names: readonly string[]): Loop[] =>
    names.map((name) => ({ position: around.position.get(name)!, extent: extentOf(dimensions, name) }));
  const point: Point = dimensions.map(() => 0);
  if (stage.kind === 'map')
    return fillRows(point, loops(stage.dims), compileRow(stage.value, around), results[0]);
  if (stage.kind === 'store') return storeRows(point, loops(stage.dims), stage, around);
  const fold = stage.kind === 'contract' ? dotFold(stage, around) : reduceFold(stage, around);
  const over = loops(stage.over);
  let next = 0;
  forEachPoint(point, loops(stage.dims), () => {
    fold.start();
    forEachRow(point, over, fold.row);
    for (const [component, value] of fold.result().entries()) results[component][next] = value;
    next++;
  });
}

type Loop = Readonly<{ position: number; extent: number }>;

function extentOf(dimensions: readonly Dimension[], name: string): number {
  return dimensions.find((dimension) => dimension.name === name)!.extent;
}

/** Visits every point of the loops, innermost fastest. */
function forEachPoint(point: Point, loops: readonly Loop[], visit: () => void): void {
  const descend = (depth: number): void => {
    if (depth === loops.length) return visit();
    const { position, extent } = loops[depth];
    for (let i = 0; i < extent; i++) {
      point[position] = i;
      descend(depth + 1);
    }
  };
  descend(0);
}

/** Visits every point of the loops in rows along the innermost. */
function forEachRow(
  point: Point,
  loops: readonly Loop[],
  visit: (point: Point, count: number) => void,
): void {
  if (loops.length === 0) return visit(point, 1);
  const { position, extent } = loops[loops.length - 1];
  forEachPoint(point, loops.slice(0, -1), () => {
    for (let start = 0; start < extent; start += ROW) {
      point[position] = start;
      visit(point, Math.min(ROW, extent - start));
    }
  });
}

function fillRows(point: Point, loops: readonly Loop[], value: Row, result: Float64Array): void {
  let next = 0;
  forEachRow(point, loops, (at, count) => {
    result.set(value(at, count).subarray(0, count), next);
    next += count;
  });
}

function storeRows(
  point: Point,
  loops: readonly Loop[],
  stage: Extract<Stage, { kind: 'store' }>,
  around: Surroundings,
): void {
  const target = around.operands.get(stage.operand)!;
  const { start, step } = compileAddress(stage.at, around);
  const value = compileRow(stage.value, around);
  const when = stage.when === undefined ? undefined : compileRow(stage.when, around);
  forEachRow(point, loops, (at, count) => {
    const mask = when?.(at, count);
    const row = value(at, count);
    const first = start(at);
    for (let i = 0; i < count; i++)
      if (mask === undefined || mask[i] !== 0) target[first + step * i] = row[i];
  });
}

/** Takes rows one after the other and keeps the components of a result. */
type Fold = Readonly<{
  start: () => void;
  row: (point: Point, count: number) => void;
  result: () => readonly number[];
}>;

function dotFold(stage: Extract<Stage, { kind: 'contract' }>, around: Surroundings): Fold {
  const left = compileRow(stage.left, around);
  const right = compileRow(stage.right, around);
  const wrap = castFunction(isInteger(stage.dtype) ? 'i64' : stage.dtype, stage.dtype);
  let total = 0;
  return {
    start: () => {
      total = 0;
    },
    row: (point, count) => {
      const x = left(point, count);
      const y = right(point, count);
      for (let i = 0; i < count; i++) total += x[i] * y[i];
    },
    result: () => [wrap(total)],
  };
}

function reduceFold(stage: Extract<Stage, { kind: 'reduce' }>, around: Surroundings): Fold {
  const rows = stage.values.map((value) => compileRow(value, around));
  if (stage.combine.kind === 'region') return regionFold(stage.combine, rows, around);
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

function regionFold(
  combine: Extract<Combine, { kind: 'region' }>,
  rows: readonly Row[],
  around: Surroundings,
): Fold {
  const scalar = { data: new Float64Array(1), at: { offset: 0, strides: {} } };
  const cells = (names: readonly string[]) =>
    names.map((name) => [name, { ...scalar, data: new Float64Array(1) }] as const);
  const left = cells(combine.left);
  const right = cells(combine.right);
  const inside = { ...around, values: new Map([...left, ...right]) };
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

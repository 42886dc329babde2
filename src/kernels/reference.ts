import { InputError } from '../../search-space/input-error.ts';
import { contract } from './contraction.ts';
import type { IndexMap, Kernel, Operand, Stage } from './ir.ts';
import { dimensionExtent, required } from './lookup.ts';
import { forEachPoint, forEachRow, type Loop } from './loops.ts';
import { type RowReducer, rowReducer } from './row-reducer.ts';
import { compileAddress, compileRow, type RowContext } from './rows.ts';
import { stageLoops, stageResults } from './walk.ts';

/** Contents of operands by name: a float64 for each element, whatever the dtype. */
type Arrays = Readonly<Record<string, Float64Array>>;

/**
 * Computes a kernel in float64: the reference that every backend is checked against. Floats are never
 * rounded to f32, f16 or bf16; integers are exact, wrap at their width, and a cast to one truncates.
 * `inputs` holds every input and inout operand, the result every output and inout operand.
 * Throws InputError for a missing array or a wrong length.
 */
export function evaluateKernel(kernel: Kernel, inputs: Arrays): Record<string, Float64Array> {
  const operands = new Map(kernel.operands.map((operand) => [operand.name, arrayOf(operand, inputs)]));
  const position = new Map(kernel.dimensions.map(({ name }, index) => [name, index]));
  const values = new Map<string, Readonly<{ data: Float64Array; at: IndexMap }>>();
  for (const stage of kernel.stages) {
    const loops = (names: readonly string[]): Loop[] =>
      names.map((name) => ({ position: required(position, name), extent: dimensionExtent(kernel, name) }));
    const results = stageResults(stage).map(({ name }) => ({ name, ...allot(kernel, stage.dims) }));
    const context = { position, inner: stageLoops(stage).at(-1), operands, values };
    compute(stage, loops, context, results);
    for (const { name, data, at } of results) values.set(name, { data, at });
  }
  const written = kernel.operands.filter((operand) => operand.role !== 'input');
  return Object.fromEntries(written.map(({ name }) => [name, required(operands, name)]));
}

function arrayOf({ name, role, elements }: Operand, inputs: Arrays): Float64Array {
  if (role === 'output') return new Float64Array(elements);
  const given = inputs[name];
  if (given === undefined) throw new InputError('inputs', `the array for '${name}' is missing`);
  if (given.length !== elements) {
    throw new InputError('inputs', `'${name}' has ${given.length} of ${elements} elements`);
  }
  return role === 'inout' ? given.slice() : given;
}

/** An array with an element for every point of `dims`, row-major. */
function allot(kernel: Kernel, dims: readonly string[]): Readonly<{ data: Float64Array; at: IndexMap }> {
  const strides: Record<string, number> = {};
  let elements = 1;
  for (const dim of dims.toReversed()) {
    strides[dim] = elements;
    elements *= dimensionExtent(kernel, dim);
  }
  return { data: new Float64Array(elements), at: { offset: 0, strides } };
}

type LoopsOf = (names: readonly string[]) => readonly Loop[];
type Result = Readonly<{ data: Float64Array }>;

function compute(stage: Stage, loops: LoopsOf, context: RowContext, results: readonly Result[]): void {
  switch (stage.kind) {
    case 'map':
      fill(stage, loops, context, results[0].data);
      break;
    case 'store':
      store(stage, loops, context);
      break;
    case 'reduce':
      reduceAll(stage, loops, rowReducer(stage, context), results);
      break;
    case 'contract':
      contract(stage, loops, context, results[0].data);
  }
}

function fill(
  stage: Extract<Stage, { kind: 'map' }>,
  loops: LoopsOf,
  context: RowContext,
  data: Float64Array,
): void {
  const value = compileRow(stage.value, context);
  let next = 0;
  forEachRow([], loops(stage.dims), (point, count) => {
    data.set(value(point, count).subarray(0, count), next);
    next += count;
  });
}

function store(stage: Extract<Stage, { kind: 'store' }>, loops: LoopsOf, context: RowContext): void {
  const target = required(context.operands, stage.operand);
  const { start, step } = compileAddress(stage.at, context);
  const value = compileRow(stage.value, context);
  const when = stage.when === undefined ? undefined : compileRow(stage.when, context);
  forEachRow([], loops(stage.dims), (point, count) => {
    const mask = when?.(point, count);
    const row = value(point, count);
    const first = start(point);
    for (let i = 0; i < count; i++) {
      if (mask === undefined || mask[i] !== 0) target[first + step * i] = row[i];
    }
  });
}

function reduceAll(
  stage: Extract<Stage, { kind: 'reduce' }>,
  loops: LoopsOf,
  fold: RowReducer,
  results: readonly Result[],
): void {
  const point: number[] = [];
  const over = loops(stage.over);
  let next = 0;
  forEachPoint(point, loops(stage.dims), () => {
    fold.start();
    forEachRow(point, over, fold.row);
    for (const [component, value] of fold.result().entries()) results[component].data[next] = value;
    next++;
  });
}

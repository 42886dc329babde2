import { InputError } from '../../search-space/input-error.ts';
import type { Dimension, DType, Kernel, Stage } from './ir.ts';
import { required } from './lookup.ts';
import { requireBool } from './require-bool.ts';
import { checkAccess, type StageScope } from './validate-access.ts';
import { checkExpression } from './validate-expression.ts';
import { stageExpressions, stageLoops, stageResults } from './walk.ts';

/**
 * Returns the kernel if it is valid: dimensions and operands exist, names are unique and defined before
 * use, dtypes agree, unmasked accesses stay in bounds, every output is stored. Throws InputError that names
 * the kernel and the place otherwise.
 */
export function validateKernel(kernel: Kernel): Kernel {
  checkHead(kernel);
  const dimensions = new Map(kernel.dimensions.map((dimension) => [dimension.name, dimension]));
  const operands = new Map(kernel.operands.map((operand) => [operand.name, operand]));
  const values = new Map<string, Readonly<{ dtype: DType; dims: readonly string[] }>>();
  for (const [position, stage] of kernel.stages.entries()) {
    const place = `kernel ${kernel.name}, stage ${position + 1}`;
    checkLoops(place, stage, dimensions);
    const loops = new Set(stageLoops(stage));
    const scope: StageScope = { place, dimensions, operands, values, loops };
    for (const expression of stageExpressions(stage)) checkExpression(expression, scope);
    checkStage(stage, scope);
    for (const { name, dtype } of stageResults(stage)) {
      const taken = values.has(name) || dimensions.has(name) || operands.has(name);
      if (taken) throw new InputError(place, `the name '${name}' is already taken`);
      values.set(name, { dtype, dims: stage.dims });
    }
  }
  checkOutputs(kernel);
  return kernel;
}

function checkHead({ name, shape, dimensions, operands }: Kernel): void {
  const where = `kernel ${name}`;
  if (name === '') throw new InputError('kernel', 'needs a name');
  const sizes = [
    ...shape.map((extent) => ['shape', extent] as const),
    ...dimensions.map((dimension) => [`dimension ${dimension.name}`, dimension.extent] as const),
    ...operands.map((operand) => [`elements of operand ${operand.name}`, operand.elements] as const),
  ];
  for (const [what, size] of sizes) {
    if (!Number.isSafeInteger(size) || size < 1) {
      throw new InputError(where, `${what} must be a whole number from 1, got ${size}`);
    }
  }
  requireUnique(
    where,
    [...dimensions, ...operands].map((named) => named.name),
  );
}

function checkLoops(place: string, stage: Stage, dimensions: ReadonlyMap<string, Dimension>): void {
  const loops = stageLoops(stage);
  requireUnique(place, loops);
  const missing = loops.find((name) => !dimensions.has(name));
  if (missing !== undefined) throw new InputError(place, `there is no dimension '${missing}'`);
  const reduced = 'over' in stage ? stage.over : [];
  const wrong = reduced.find((name) => dimensions.get(name)?.kind !== 'reduction');
  if (wrong !== undefined)
    throw new InputError(place, `reduces over '${wrong}', which is said to be parallel`);
}

function checkStage(stage: Stage, scope: StageScope): void {
  if (stage.kind === 'reduce') checkReduce(stage, scope);
  if (stage.kind === 'contract' && stage.over.length === 0) {
    throw new InputError(scope.place, 'a contraction needs a dimension to reduce over');
  }
  if (stage.kind === 'store') checkStore(stage, scope);
}

function checkReduce(stage: Extract<Stage, { kind: 'reduce' }>, scope: StageScope): void {
  const { combine, names, values, over } = stage;
  const { place } = scope;
  if (over.length === 0) throw new InputError(place, 'a reduction needs a dimension to reduce over');
  if (combine.kind !== 'region') {
    if (names.length !== 1 || values.length !== 1) {
      throw new InputError(place, `a ${combine.kind} has one component, got ${values.length}`);
    }
    if (combine.kind === 'any' || combine.kind === 'all') requireBool(place, values[0]);
    return;
  }
  const counts = [names, combine.left, combine.right, combine.results, combine.identity].map(
    (list) => list.length,
  );
  if (counts.some((count) => count !== values.length)) {
    throw new InputError(
      place,
      `a region over ${values.length} values needs as many names, results and identities`,
    );
  }
  const parameters = new Map<string, Readonly<{ dtype: DType; dims: readonly string[] }>>();
  for (const [n, { dtype }] of values.entries()) {
    parameters.set(combine.left[n], { dtype, dims: [] });
    parameters.set(combine.right[n], { dtype, dims: [] });
  }
  const inside: StageScope = { ...scope, operands: new Map(), values: parameters, loops: new Set() };
  for (const [n, result] of combine.results.entries()) {
    checkExpression(result, inside);
    if (result.dtype !== values[n].dtype) {
      throw new InputError(
        place,
        `a region turns ${values[n].dtype} into ${result.dtype}, it must keep the dtype`,
      );
    }
  }
}

function checkStore(
  stage: Extract<Stage, { kind: 'store' }>,
  { place, operands, dimensions }: StageScope,
): void {
  const operand = operands.get(stage.operand);
  if (operand === undefined || operand.role === 'input') {
    throw new InputError(place, `cannot store to '${stage.operand}', which is no output`);
  }
  if (stage.value.dtype !== operand.dtype) {
    throw new InputError(
      place,
      `stores ${stage.value.dtype} to ${operand.name}, which holds ${operand.dtype}`,
    );
  }
  requireBool(place, stage.when);
  checkAccess(place, operand, stage.at, stage.when !== undefined, { dimensions, loops: new Set(stage.dims) });
  const repeated = stage.dims.find(
    (name) => required(dimensions, name).extent > 1 && !stage.at.strides[name],
  );
  if (repeated !== undefined && stage.when === undefined) {
    throw new InputError(place, `stores to ${operand.name} again and again along '${repeated}'`);
  }
}

function checkOutputs({ name, operands, stages }: Kernel): void {
  const stored = new Set(stages.flatMap((stage) => (stage.kind === 'store' ? [stage.operand] : [])));
  if (stored.size === 0) throw new InputError(`kernel ${name}`, 'stores nothing');
  const idle = operands.find((operand) => operand.role !== 'input' && !stored.has(operand.name));
  if (idle !== undefined) throw new InputError(`kernel ${name}`, `never stores to its output '${idle.name}'`);
}

function requireUnique(place: string, names: readonly string[]): void {
  const double = names.find((name, position) => names.indexOf(name) !== position);
  if (double !== undefined) throw new InputError(place, `the name '${double}' is used twice`);
  if (names.includes('')) throw new InputError(place, 'a name is empty');
}

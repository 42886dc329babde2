import type { FunctionDefinition, Operation, Region } from './syntax/ast.ts';

/**
 * Integer arguments that a program needs and nobody gave: the sizes of hand-written kernels
 * (`n_elements`, `M`) and the distances between rows (`stride_am`).
 */
export type OpenScalars = Readonly<{
  /** Arguments that bound indices or loops, with the value to assume. */
  extents: readonly Readonly<{ name: string; assumed: number }>[];
  /** Arguments that only scale indices. */
  strides: readonly string[];
}>;

const ONE_EXTENT = 2 ** 20;
const SEVERAL_EXTENTS = 1024;

export function openScalars(main: FunctionDefinition, given: ReadonlySet<string>): OpenScalars {
  const operations = [...operationsIn(main.body)];
  const used = new Set(operations.flatMap((op) => op.operands));
  const open = main.arguments.filter(
    ({ name, type }) => type.kind === 'int' && used.has(name) && !given.has(name.slice(1)),
  );
  const programs = spread(
    operations,
    operations.filter((op) => op.name === 'tt.get_program_id').flatMap((op) => op.results),
    () => true,
  );
  const extents: { name: string; lanes: number | undefined }[] = [];
  const strides: string[] = [];
  for (const { name } of open) {
    const bound = boundBy(operations, name, programs);
    if (bound === undefined) strides.push(name.slice(1));
    else extents.push({ name: name.slice(1), lanes: bound.lanes });
  }
  const assumed = extents.length > 1 ? SEVERAL_EXTENTS : ONE_EXTENT;
  return { extents: extents.map(({ name, lanes }) => ({ name, assumed: lanes ?? assumed })), strides };
}

function* operationsIn(region: Region): Generator<Operation> {
  for (const block of region.blocks) {
    for (const op of block.operations) {
      yield op;
      for (const inner of op.regions) yield* operationsIn(inner);
    }
  }
}

const CARRIES =
  /^(tt\.(splat|expand_dims|broadcast|reshape)|arith\.(extsi|extui|trunci|index_cast|addi|subi|divsi|divui|ceildivsi|minsi|maxsi))$/;

/** The axes of an array by the number of operands that describe it: a base, then extents, then the rest. */
const RANK_OF_ARRAY: Readonly<Record<string, (operands: number) => number>> = {
  'tt.make_tensor_ptr': (operands) => (operands - 1) / 3,
  'tt.make_tensor_descriptor': (operands) => (operands - 1) / 2,
};

/** All names computed from `from` through operations that `follow` accepts. */
function spread(
  operations: readonly Operation[],
  from: readonly string[],
  follow: (op: Operation) => boolean,
): Set<string> {
  const reached = new Set(from);
  for (const op of operations) {
    if (follow(op) && op.operands.some((name) => reached.has(name)))
      for (const name of op.results) reached.add(name);
  }
  return reached;
}

/**
 * Whether an argument bounds something; `lanes` where it bounds what does not depend on the program
 * (a row): then the row is assumed to fill its lanes.
 */
function boundBy(
  operations: readonly Operation[],
  argument: string,
  programs: ReadonlySet<string>,
): Readonly<{ lanes: number | undefined }> | undefined {
  const names = spread(operations, [argument], (op) => CARRIES.test(op.name));
  let bounds = false;
  for (const op of operations) {
    const position = op.operands.findIndex((name) => names.has(name));
    if (position < 0) continue;
    const other = op.operands[1 - position];
    if (op.name === 'arith.cmpi' && other !== undefined && !programs.has(other)) {
      const [type] = op.types;
      const lanes = type?.kind === 'tensor' ? type.shape.reduce((all, size) => all * size, 1) : undefined;
      return { lanes: bounds ? undefined : lanes };
    }
    if (op.name === 'scf.for' && position < 3) return { lanes: SEVERAL_EXTENTS };
    if (position >= 1 && position <= (RANK_OF_ARRAY[op.name]?.(op.operands.length) ?? 0))
      return { lanes: undefined };
    bounds ||= op.name === 'arith.cmpi' || (/^arith\.(rem|div)[su]i$/.test(op.name) && position === 1);
  }
  return bounds ? { lanes: undefined } : undefined;
}

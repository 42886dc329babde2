import type { InputError } from '../../../../search-space/input-error.ts';
import { refusal } from '../refusal.ts';
import type { Node } from '../symbols/node.ts';
import { Pool, TooComplex } from '../symbols/pool.ts';
import type { Block, FunctionDefinition, Module, Operation } from '../syntax/ast.ts';
import { type Context, named, refuse, type Sink } from './context.ts';
import { CONTROL } from './control.ts';
import { DESCRIPTORS } from './descriptors.ts';
import { ELEMENTWISE } from './elementwise.ts';
import { MEMORY } from './memory.ts';
import { requireOperandTypes } from './operand-types.ts';
import type { Handler } from './per-element.ts';
import { REDUCTIONS } from './reductions.ts';
import { SHAPES } from './shapes.ts';
import { TILES } from './tiles.ts';
import { dtypeOf, type TtirValue } from './value.ts';

/** What one program of the grid does, as a function of its program ids. */
export type Program = Readonly<{
  pool: Pool;
  sinks: readonly Sink[];
  /** Iterations of each loop variable. */
  extents: ReadonlyMap<string, number>;
  stores: ReadonlyMap<string, number>;
  pointees: Context['pointees'];
  loads: Context['loads'];
  /** What of its meaning is not kept, for people. */
  notes: ReadonlySet<string>;
}>;

const HANDLERS: Readonly<Record<string, Handler>> = {
  ...ELEMENTWISE,
  ...SHAPES,
  ...MEMORY,
  ...TILES,
  ...DESCRIPTORS,
  ...REDUCTIONS,
  ...CONTROL,
};
const IGNORED = [
  'tt.assert',
  'tt.print',
  'tt.device_print',
  'tt.debug_barrier',
  'gpu.barrier',
  'ttg.barrier',
  'llvm.intr.assume',
];
const TERMINATORS = ['scf.yield', 'tt.return', 'tt.reduce.return', 'func.return'];
const FUEL = 200_000;

/** Reasons that say more than "unknown". */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [
    /^tt\.(atomic|(experimental_)?descriptor_reduce)/,
    'atomics make the result depend on the order of programs',
  ],
  [/^tt\.(scan|associative_scan)/, 'a scan (cumulative sum) has no place in the kernel IR'],
  [
    /^tt\.(gather|histogram|(experimental_)?descriptor_(gather|scatter))/,
    'data-dependent access is not affine',
  ],
  [/^tt\.(dot_scaled|mulhiui)|extended$/, 'the kernel IR has no such arithmetic'],
];

/**
 * Executes a function on symbols. `scalars` gives integer arguments their values; an integer
 * argument without one is an unknown that may not be needed. Throws `InputError` with the place of
 * an operation that is not supported.
 */
export function executeProgram(
  module: Module,
  main: FunctionDefinition,
  scalars: ReadonlyMap<string, number>,
): Program {
  const context: Context = {
    pool: new Pool(),
    file: module.file,
    functions: new Map(module.functions.map((one) => [one.name, one])),
    values: new Map(),
    sinks: [],
    stores: new Map(),
    pointees: new Map(),
    loads: new Map(),
    extents: new Map(),
    notes: new Set(),
    executeBlock,
    fuel: { left: FUEL },
    guard: undefined,
    depth: 0,
  };
  bindArguments(context, main, scalars);
  const [block, ...others] = main.body.blocks;
  if (block === undefined || others.length > 0)
    throw refusal(module.file, main, 'the function has several blocks (jumps)');
  executeBlock(block, context);
  return context;
}

function bindArguments(
  context: Context,
  main: FunctionDefinition,
  scalars: ReadonlyMap<string, number>,
): void {
  for (const { name, type } of main.arguments) {
    const plain = name.slice(1);
    const value = argumentValue(context, plain, type, scalars.get(plain));
    if (value !== undefined) context.values.set(name, value);
  }
}

/** A pointer is an operand; a float argument is an operand of one element; others wait until they are used. */
function argumentValue(
  context: Context,
  name: string,
  type: FunctionDefinition['arguments'][number]['type'],
  given: number | undefined,
): TtirValue | undefined {
  const { pool } = context;
  if (type.kind === 'pointer') {
    const pointee = dtypeOf(type.pointee);
    if (pointee === undefined) return undefined;
    return { kind: 'pointer', shape: [], operand: name, offset: pool.constant(0, 'i64'), pointee };
  }
  const dtype = dtypeOf(type);
  if (dtype === undefined || type.kind === 'tensor') return undefined;
  if (type.kind === 'int') {
    return given === undefined ? undefined : { kind: 'data', shape: [], node: pool.constant(given, dtype) };
  }
  context.pointees.set(name, dtype);
  const index = { constant: 0, terms: new Map(), key: '0' };
  const node: Node = pool.load({ operand: name, index, version: 0 }, dtype);
  return { kind: 'data', shape: [], node };
}

function executeBlock(block: Block, context: Context): readonly TtirValue[] {
  for (const op of block.operations) {
    if (TERMINATORS.includes(op.name)) return op.operands.map((name) => named(context, op, name));
    executeOperation(op, context);
  }
  return [];
}

function executeOperation(op: Operation, context: Context): void {
  if (IGNORED.includes(op.name)) return;
  const handler = Object.hasOwn(HANDLERS, op.name) ? HANDLERS[op.name] : undefined;
  if (handler === undefined) throw unsupported(op, context);
  context.fuel.left -= 1;
  if (context.fuel.left < 0) throw refuse(context, op, `more than ${FUEL} operations to follow`);
  requireOperandTypes(context, op);
  const values = explained(op, context, handler);
  if (values.length < op.results.length)
    throw refuse(context, op, `gives ${values.length} of ${op.results.length} results`);
  for (const [n, name] of op.results.entries()) context.values.set(name, values[n]);
}

function explained(op: Operation, context: Context, handler: Handler): readonly TtirValue[] {
  try {
    return handler(op, context);
  } catch (error) {
    if (error instanceof TooComplex) throw refuse(context, op, error.message);
    throw error;
  }
}

function unsupported(op: Operation, context: Context): InputError {
  const reason = REASONS.find(([pattern]) => pattern.test(op.name))?.[1];
  const problem = reason ?? 'this operation is not supported';
  const names = Object.keys(HANDLERS).map((name) => name.split('.'));
  const dialects = [...new Set(names.map(([dialect]) => dialect))];
  const list = dialects.map(
    (dialect) =>
      `${dialect}.{${names
        .filter(([d]) => d === dialect)
        .map(([, n]) => n)
        .join(' ')}}`,
  );
  return refuse(context, op, problem, `supported: ${list.join(', ')}`);
}

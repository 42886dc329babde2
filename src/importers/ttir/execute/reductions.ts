import { recogniseRegion } from '../symbols/combinations.ts';
import type { Combination, Node } from '../symbols/node.ts';
import type { Operation } from '../syntax/ast.ts';
import { contractAxes, reduceAxis } from './axes.ts';
import { type Context, commonShape, dataOf, refuse, wholeAttribute } from './context.ts';
import { combined } from './merge.ts';
import type { Handler } from './per-element.ts';

const reduce: Handler = (op, context) => {
  const { pool } = context;
  const operands = op.operands.map((_, position) => dataOf(context, op, position));
  if (operands.length === 0) throw refuse(context, op, 'reduces nothing');
  const shape = commonShape(context, op, operands);
  const position = wholeAttribute(context, op, 'axis');
  if (position < 0 || position >= shape.length) throw refuse(context, op, `there is no axis ${position}`);
  const inputs = operands.map((operand) => operand.node);
  const combine = regionOf(context, op, inputs);
  const { nodes, over } = reduceAxis(pool, inputs, shape, position);
  const rest = shape.toSpliced(position, 1);
  return nodes.map((_, component) => {
    const node = combined(pool, combine, over, nodes, component);
    return { kind: 'data', shape: rest, node };
  });
};

/** The region, executed on two symbolic elements. */
function regionOf(context: Context, op: Operation, inputs: readonly Node[]): Combination {
  const block = op.regions[0]?.blocks[0];
  if (
    block === undefined ||
    op.regions[0].blocks.length !== 1 ||
    block.arguments.length !== 2 * inputs.length
  ) {
    throw refuse(context, op, `needs a region of ${2 * inputs.length} arguments`);
  }
  const dtypes = inputs.map((input) => input.dtype);
  for (const [n, argument] of block.arguments.entries()) {
    const component = n % inputs.length;
    const side = n < inputs.length ? 'left' : 'right';
    const node = context.pool.parameter(`${side}${component}`, dtypes[component]);
    context.values.set(argument.name, { kind: 'data', shape: [], node });
  }
  const results = context
    .executeBlock(block, context)
    .map((value) => (value.kind === 'data' ? value.node : undefined));
  const nodes = results.filter((node) => node !== undefined);
  if (nodes.length !== inputs.length || nodes.some((node, n) => node.dtype !== dtypes[n])) {
    throw refuse(context, op, 'its region does not return what it reduces');
  }
  const combine = recogniseRegion(context.pool, dtypes, nodes);
  if (combine !== undefined) return combine;
  throw refuse(
    context,
    op,
    'its region is not an associative and commutative reduction with a neutral element',
    'supported: sum, product, maximum, minimum, and, or, arg max, arg min, Welford, and regions like them',
  );
}

/** accumulator + a · b for matrices, or batches of them. */
const dot: Handler = (op, context) => {
  const { pool } = context;
  const a = dataOf(context, op, 0);
  const b = dataOf(context, op, 1);
  const rank = a.shape.length;
  if (rank < 2 || rank > 3 || b.shape.length !== rank || a.shape[rank - 1] !== b.shape[rank - 2]) {
    throw refuse(context, op, `multiplies [${a.shape.join('x')}] by [${b.shape.join('x')}]`);
  }
  const result = op.operands.length > 2 ? dataOf(context, op, 2) : undefined;
  const dtype = result?.node.dtype ?? 'f32';
  const depth = a.shape[rank - 1];
  const factors = [a.node, b.node].map((node) => pool.cast(node, dtype));
  const { nodes, over } = contractAxes(pool, factors, [rank - 1, rank - 2], depth);
  const product = combined(pool, { kind: 'contract' }, over, nodes, 0);
  const shape = [...a.shape.slice(0, -1), b.shape[rank - 1]];
  const node = result === undefined ? product : pool.binary('add', result.node, product);
  return [{ kind: 'data', shape, node }];
};

export const REDUCTIONS: Readonly<Record<string, Handler>> = { 'tt.reduce': reduce, 'tt.dot': dot };

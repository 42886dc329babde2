import type { BinaryOp } from '../../../kernels/ir.ts';
import { constantOf } from '../symbols/pool.ts';
import { compareFloats, compareIntegers } from './comparisons.ts';
import { constantOp } from './constant.ts';
import { commonShape, dataOf, operandValue, refuse } from './context.ts';
import { CONVERSIONS } from './conversions.ts';
import { FUNCTIONS, libraryFunction, numbersOnly } from './functions.ts';
import { integer } from './integer-handlers.ts';
import { ofNumbers } from './nan.ts';
import { elementwise, type Handler, resultDtype } from './per-element.ts';

const float = (op: BinaryOp): Handler =>
  elementwise(2, ([left, right], _, { pool }) => pool.binary(op, left, right));

const mathematical = (name: string, arity: number): Handler =>
  elementwise(arity, (nodes, _, { pool }) => FUNCTIONS[name](pool, ...nodes));

const select: Handler = (op, context) => {
  const condition = dataOf(context, op, 0);
  const then = operandValue(context, op, 1);
  const otherwise = operandValue(context, op, 2);
  const shape = commonShape(
    context,
    op,
    condition.shape.length > 0 ? [condition, then, otherwise] : [then, otherwise],
  );
  if (then.kind !== 'data' || otherwise.kind !== 'data') {
    throw refuse(context, op, 'chooses between pointers', 'an address must be affine in the indices');
  }
  if (then.node.dtype !== otherwise.node.dtype) throw refuse(context, op, 'branches of different types');
  return [{ kind: 'data', shape, node: context.pool.select(condition.node, then.node, otherwise.node) }];
};

const external: Handler = (op, context) => {
  const attribute = op.attributes.get('symbol');
  const symbol = attribute?.kind === 'string' ? attribute.value : '';
  const compute = libraryFunction(symbol);
  if (compute === undefined) {
    const hint = `known are ${Object.keys(FUNCTIONS).join(', ')}`;
    throw refuse(context, op, `the library function '${symbol}' has no counterpart in the kernel IR`, hint);
  }
  const operands = op.operands.map((_, position) => dataOf(context, op, position));
  if (operands.length === 0) throw refuse(context, op, 'no operands');
  const shape = commonShape(context, op, operands);
  const node = compute(context.pool, ...operands.map((operand) => operand.node));
  const dtype = op.resultTypes[0] === undefined ? node.dtype : resultDtype(context, op);
  return [{ kind: 'data', shape, node: context.pool.cast(node, dtype) }];
};

/** NaN stays NaN where the operation propagates it; else it becomes the least. */
const clamp = elementwise(3, ([x, least, greatest], op, { pool }) => {
  const attribute = op.attributes.get('propagateNan');
  const text = attribute !== undefined && 'text' in attribute ? attribute.text : op.words.join(' ');
  const propagates = /\ball\b|65535/.test(text);
  const raised = propagates ? pool.binary('max', x, least) : numbersOnly(pool, 'max', x, least);
  const bounded = [least, greatest].every((bound) => constantOf(bound) !== undefined);
  const plain = propagates || bounded;
  return plain ? pool.binary('min', raised, greatest) : numbersOnly(pool, 'min', raised, greatest);
});

const same: Handler = (op, context) => [operandValue(context, op, 0)];

export const ELEMENTWISE: Readonly<Record<string, Handler>> = {
  'arith.constant': constantOp,
  'arith.addf': float('add'),
  'arith.subf': float('sub'),
  'arith.mulf': float('mul'),
  'arith.divf': float('div'),
  'arith.remf': float('rem'),
  'arith.maxnumf': ofNumbers('max'),
  'arith.maximumf': float('max'),
  'arith.maxf': float('max'),
  'arith.minnumf': ofNumbers('min'),
  'arith.minimumf': float('min'),
  'arith.minf': float('min'),
  'tt.precise_divf': float('div'),
  'arith.negf': elementwise(1, ([x], _, { pool }) => pool.unary('neg', x)),
  'arith.addi': integer('add'),
  'arith.subi': integer('sub'),
  'arith.muli': integer('mul'),
  'arith.divsi': integer('div'),
  'arith.divui': integer('divui'),
  'arith.floordivsi': integer('floordiv'),
  'arith.ceildivsi': integer('ceildiv'),
  'arith.ceildivui': integer('ceildivui'),
  'arith.remsi': integer('rem'),
  'arith.remui': integer('remui'),
  'arith.shli': integer('shl'),
  'arith.shrsi': integer('shr'),
  'arith.shrui': integer('shrui'),
  'arith.andi': integer('and'),
  'arith.ori': integer('or'),
  'arith.xori': integer('xor'),
  'arith.maxsi': integer('max'),
  'arith.maxui': integer('maxui'),
  'arith.minsi': integer('min'),
  'arith.minui': integer('minui'),
  'arith.cmpi': compareIntegers,
  'arith.cmpf': compareFloats,
  'arith.select': select,
  ...CONVERSIONS,
  'math.powf': mathematical('pow', 2),
  'math.fpowi': mathematical('powi', 2),
  'math.fma': mathematical('fma', 3),
  'math.copysign': mathematical('copysign', 2),
  ...Object.fromEntries(
    [
      ...['exp', 'exp2', 'expm1', 'log', 'log2', 'log10', 'log1p', 'sqrt', 'rsqrt', 'tanh', 'erf', 'erfc'],
      ...['sin', 'cos', 'tan', 'sinh', 'cosh', 'asinh', 'acosh', 'atanh', 'cbrt', 'floor', 'ceil', 'trunc'],
      ...['round', 'roundeven', 'isnan', 'isinf', 'isfinite'],
    ].map((name) => [`math.${name}`, mathematical(name, 1)]),
  ),
  'math.absf': mathematical('abs', 1),
  'math.absi': mathematical('abs', 1),
  'tt.precise_sqrt': mathematical('sqrt', 1),
  'tt.clampf': clamp,
  'tt.extern_elementwise': external,
  'tt.pure_extern_elementwise': external,
  'tt.impure_extern_elementwise': external,
  'tt.ext_elemwise': external,
  'ttg.convert_layout': same,
};

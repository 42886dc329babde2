import { type BinaryOp, BYTES, type CompareOp, type DType } from '../../../kernels/ir.ts';
import type { Node } from '../symbols/node.ts';
import { isWhole } from '../symbols/pool.ts';
import type { Operation } from '../syntax/ast.ts';
import { typeName } from '../syntax/types.ts';
import { literalNumber } from './constants.ts';
import { type Context, commonShape, dataOf, operandValue, pointerOf, refuse } from './context.ts';
import { FUNCTIONS, libraryFunction } from './functions.ts';
import { type IntegerOp, integerOperation } from './integers.ts';
import { dtypeOf, shapeOf, type TtirValue } from './value.ts';

export type Handler = (op: Operation, context: Context) => readonly TtirValue[];

/** A handler for an operation that works element by element on `arity` operands of one shape. */
function elementwise(
  arity: number,
  compute: (nodes: readonly Node[], op: Operation, context: Context) => Node,
): Handler {
  return (op, context) => {
    const operands = Array.from({ length: arity }, (_, position) => dataOf(context, op, position));
    const shape = commonShape(context, op, operands);
    const nodes = operands.map((operand) => operand.node);
    return [{ kind: 'data', shape, node: compute(nodes, op, context) }];
  };
}

const float = (op: BinaryOp): Handler =>
  elementwise(2, ([left, right], _, { pool }) => pool.binary(op, left, right));

const integer = (op: IntegerOp): Handler =>
  elementwise(2, ([left, right], operation, context) => {
    if (left.dtype !== right.dtype) throw refuse(context, operation, 'operands of different types');
    if (left.dtype === 'bool') return context.pool.binary(BOOLEAN[op] ?? 'and', left, right);
    return integerOperation(context.pool, op, left, right);
  });

/** Arithmetic on one bit. */
const BOOLEAN: Readonly<Partial<Record<IntegerOp, BinaryOp>>> = {
  add: 'xor',
  sub: 'xor',
  mul: 'and',
  or: 'or',
  xor: 'xor',
  max: 'or',
  min: 'and',
};

const mathematical = (name: string, arity: number): Handler =>
  elementwise(arity, (nodes, _, { pool }) => FUNCTIONS[name](pool, ...nodes));

const cast: Handler = (op, context) => {
  const operand = operandValue(context, op, 0);
  if (operand.kind !== 'data') throw refuse(context, op, 'converts a pointer');
  const dtype = resultDtype(context, op);
  return [{ ...operand, node: context.pool.cast(operand.node, dtype) }];
};

/** Sign extension; of one bit that is 0 or −1. */
const extendSigned: Handler = (op, context) => {
  const operand = dataOf(context, op, 0);
  if (operand.node.dtype !== 'bool') return cast(op, context);
  const { pool } = context;
  const dtype = resultDtype(context, op);
  const node = pool.select(operand.node, pool.constant(-1, dtype), pool.constant(0, dtype));
  return [{ ...operand, node }];
};

/** Zero extension: of a truth value plain, of 8 bits through u8. */
const extendUnsigned: Handler = (op, context) => {
  const operand = dataOf(context, op, 0);
  const { dtype } = operand.node;
  const plain = dtype === 'bool' || operand.node.form.kind === 'index';
  if (!plain && dtype !== 'i8' && dtype !== 'i32') throw refuse(context, op, `zero-extends ${dtype} data`);
  const unsigned = dtype === 'i8' && !plain ? context.pool.cast(operand.node, 'u8') : operand.node;
  return [{ ...operand, node: context.pool.cast(unsigned, resultDtype(context, op)) }];
};

function resultDtype(context: Context, op: Operation): DType {
  const type = op.resultTypes[0];
  const dtype = type === undefined ? undefined : dtypeOf(type);
  if (dtype !== undefined) return dtype;
  const name = type === undefined ? 'no type' : typeName(type);
  throw refuse(context, op, `gives ${name}`, 'supported: f16, bf16, f32, f64, i1, i8, i16, i32, i64');
}

/** A reinterpretation that changes nothing: equal types, or a byte seen as a truth value. */
const bitcast: Handler = (op, context) => {
  const operand = operandValue(context, op, 0);
  const type = op.resultTypes[0];
  if (operand.kind === 'pointer') {
    const element = type?.kind === 'tensor' ? type.element : type;
    const pointee = element?.kind === 'pointer' ? dtypeOf(element.pointee) : undefined;
    const { pointee: given } = pointerOf(context, op, 0);
    if (pointee !== undefined && BYTES[pointee] === BYTES[given] && (given === 'bool' || given === pointee)) {
      return [{ ...operand, pointee }];
    }
    throw refuse(context, op, `sees a pointer to ${given} as ${pointee ?? 'another type'}`);
  }
  const dtype = resultDtype(context, op);
  if (operand.kind === 'data' && operand.node.dtype === dtype) return [operand];
  throw refuse(context, op, 'reinterprets bits', 'the kernel IR works on numbers');
};

const COMPARISONS: readonly CompareOp[] = ['eq', 'ne', 'lt', 'le', 'gt', 'ge'];
/** arith.cmpi's predicates by number. */
const INTEGER_PREDICATES = ['eq', 'ne', 'slt', 'sle', 'sgt', 'sge', 'ult', 'ule', 'ugt', 'uge'];
/** arith.cmpf's predicates by number. */
const FLOAT_PREDICATES = [
  ...['false', 'oeq', 'ogt', 'oge', 'olt', 'ole', 'one', 'ord'],
  ...['ueq', 'ugt', 'uge', 'ult', 'ule', 'une', 'uno', 'true'],
];

function predicateOf(context: Context, op: Operation, names: readonly string[]): string {
  const attribute = op.attributes.get('predicate');
  const numbered = attribute?.kind === 'number' ? names[Number(attribute.text)] : undefined;
  const name = numbered ?? op.words.find((word) => names.includes(word));
  if (name === undefined) throw refuse(context, op, `no predicate among ${names.join(', ')}`);
  return name;
}

/** The comparison in a predicate such as `slt` or `oge`. */
function comparisonIn(context: Context, op: Operation, predicate: string): CompareOp {
  const comparison = COMPARISONS.find((one) => predicate.endsWith(one));
  if (comparison === undefined) throw refuse(context, op, `compares by '${predicate}'`);
  return comparison;
}

const compareIntegers = elementwise(2, ([left, right], op, context) => {
  const name = predicateOf(context, op, INTEGER_PREDICATES);
  const comparison = comparisonIn(context, op, name);
  const { pool } = context;
  if (left.dtype !== 'bool') return pool.compare(comparison, left, right);
  const different = pool.binary('xor', left, right);
  if (comparison === 'eq') return pool.unary('not', different);
  return comparison === 'ne' ? different : pool.compare(comparison, left, right);
});

/** Unordered predicates hold for NaN: `ult` is not `ge`. */
const compareFloats = elementwise(2, ([left, right], op, context) => {
  const { pool } = context;
  const name = predicateOf(context, op, FLOAT_PREDICATES);
  const compare = (comparison: CompareOp): Node => pool.compare(comparison, left, right);
  const isNan = pool.binary('or', pool.unary('isnan', left), pool.unary('isnan', right));
  if (name === 'true' || name === 'false') return pool.bool(name === 'true');
  if (name === 'uno') return isNan;
  if (name === 'ord') return pool.unary('not', isNan);
  if (name === 'une') return compare('ne');
  if (name === 'one') return pool.binary('or', compare('lt'), compare('gt'));
  if (name === 'ueq') return pool.unary('not', pool.binary('or', compare('lt'), compare('gt')));
  const comparison = comparisonIn(context, op, name);
  return name.startsWith('o') ? compare(comparison) : pool.unary('not', compare(OPPOSITE[comparison]));
});

const OPPOSITE: Readonly<Record<CompareOp, CompareOp>> = {
  lt: 'ge',
  ge: 'lt',
  gt: 'le',
  le: 'gt',
  eq: 'ne',
  ne: 'eq',
};

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

const constant: Handler = (op, context) => {
  const literal = op.attributes.get('value');
  const given = literal !== undefined && 'type' in literal ? literal.type : undefined;
  const type = given ?? op.resultTypes[0] ?? (literal?.kind === 'bool' ? BOOL : op.types[0]);
  const dtype = type === undefined ? undefined : dtypeOf(type);
  if (literal === undefined || type === undefined || dtype === undefined) {
    throw refuse(
      context,
      op,
      'a constant of a type that is not supported',
      'numbers of i1 to i64, f16 to f64',
    );
  }
  const items = literal.kind === 'dense' ? literal.items : [literal];
  const values = items.map((item) => literalNumber(item, type));
  const value = values[0] ?? Number.NaN;
  const spelled = items.every((item) => item.kind === 'number' || item.kind === 'bool');
  if (!spelled || values.some((one) => !Object.is(one, value))) {
    throw refuse(context, op, 'a tensor of different constants', 'one value for all elements');
  }
  if ((isWhole(dtype) || dtype === 'bool') && !Number.isInteger(value))
    throw refuse(context, op, 'no whole number');
  const node = context.pool.constant(dtype === 'bool' ? Number(value !== 0) : value, dtype);
  return [{ kind: 'data', shape: shapeOf(type), node }];
};
const BOOL = { kind: 'int', name: 'i1', bits: 1 } as const;

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

const clamp = elementwise(3, ([x, least, greatest], _, { pool }) =>
  pool.binary('min', pool.binary('max', x, least), greatest),
);

const same: Handler = (op, context) => [operandValue(context, op, 0)];

export const ELEMENTWISE: Readonly<Record<string, Handler>> = {
  'arith.constant': constant,
  'arith.addf': float('add'),
  'arith.subf': float('sub'),
  'arith.mulf': float('mul'),
  'arith.divf': float('div'),
  'arith.remf': float('rem'),
  'arith.maxnumf': float('max'),
  'arith.maximumf': float('max'),
  'arith.maxf': float('max'),
  'arith.minnumf': float('min'),
  'arith.minimumf': float('min'),
  'arith.minf': float('min'),
  'tt.precise_divf': float('div'),
  'arith.negf': elementwise(1, ([x], _, { pool }) => pool.unary('neg', x)),
  'arith.addi': integer('add'),
  'arith.subi': integer('sub'),
  'arith.muli': integer('mul'),
  'arith.divsi': integer('div'),
  'arith.divui': integer('div'),
  'arith.floordivsi': integer('floordiv'),
  'arith.ceildivsi': integer('ceildiv'),
  'arith.ceildivui': integer('ceildiv'),
  'arith.remsi': integer('rem'),
  'arith.remui': integer('rem'),
  'arith.shli': integer('shl'),
  'arith.shrsi': integer('shr'),
  'arith.shrui': integer('shr'),
  'arith.andi': integer('and'),
  'arith.ori': integer('or'),
  'arith.xori': integer('xor'),
  'arith.maxsi': integer('max'),
  'arith.maxui': integer('max'),
  'arith.minsi': integer('min'),
  'arith.minui': integer('min'),
  'arith.cmpi': compareIntegers,
  'arith.cmpf': compareFloats,
  'arith.select': select,
  'arith.extsi': extendSigned,
  'arith.extui': extendUnsigned,
  'arith.trunci': cast,
  'arith.index_cast': cast,
  'arith.extf': cast,
  'arith.truncf': cast,
  'arith.sitofp': extendSigned,
  'arith.uitofp': cast,
  'arith.fptosi': cast,
  'arith.fptoui': cast,
  'tt.fp_to_fp': cast,
  'arith.bitcast': bitcast,
  'tt.bitcast': bitcast,
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

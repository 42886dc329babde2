import { isFloat } from '../../../kernels/arithmetic.ts';
import type { BinaryOp, DType, Expression, UnaryOp } from '../../../kernels/ir.ts';
import type { BodyOperation } from '../../../lowering/body-graph.ts';
import type { MachineOpClass } from '../machine/schema.ts';

/**
 * The machine operations of one IR operation. The counts are those of the polynomial expansions that
 * vectorizing compilers emit (range reduction, Horner steps, Newton steps for a division); they belong to
 * a function, never to a kernel.
 *
 * `free` steps depend on the inputs alone (range tests, coefficient selects), `chain` steps each on the
 * one before. `called`: scalar code calls a library function for it.
 */
export type Expansion = Readonly<{
  free: readonly MachineOpClass[];
  chain: readonly MachineOpClass[];
  called: boolean;
}>;

// Vector float arithmetic has a format of its own; the result is converted back after each operation.
const ADD: readonly MachineOpClass[] = ['floatAdd', 'convert'];
const MULTIPLY: readonly MachineOpClass[] = ['multiply', 'convert'];
const STEP: readonly MachineOpClass[] = [...MULTIPLY, ...ADD];
const ALU: readonly MachineOpClass[] = ['alu'];

const repeat = (times: number, steps: readonly MachineOpClass[]): MachineOpClass[] =>
  Array.from({ length: times }, () => steps).flat();
const inline = (...chain: MachineOpClass[]): Expansion => ({ free: [], chain, called: false });
const called = (free: readonly MachineOpClass[], chain: readonly MachineOpClass[]): Expansion => ({
  free,
  chain,
  called: true,
});

/** A first guess from the exponent's bits, two Newton steps and the product. */
const DIVIDE = called(ALU, ['alu', ...repeat(2, [...STEP, ...MULTIPLY]), ...MULTIPLY]);
/** n = round(x log2 e), r = x − n ln 2 in two parts, a fifth-degree polynomial, and 2^n by the exponent. */
const EXP = called(repeat(2, ALU), [
  ...MULTIPLY,
  'convert',
  ...repeat(2, STEP),
  ...repeat(5, STEP),
  'shift',
  'alu',
]);
const EXP2 = called(repeat(2, ALU), ['convert', ...ADD, ...repeat(5, STEP), 'shift', 'alu']);
const LOG = called(['shift', ...repeat(2, ALU)], ['alu', 'convert', ...ADD, ...repeat(7, STEP), ...STEP]);
const SINE = called(repeat(4, ALU), [...MULTIPLY, 'convert', ...repeat(3, STEP), ...repeat(5, STEP), 'alu']);
const ROOT = called(ALU, ['shift', 'alu', ...repeat(3, [...repeat(3, MULTIPLY), ...ADD])]);

/** Numerator and denominator of `degree`, side by side, then a division. */
const rational = (selects: number, degree: number): Expansion =>
  called(
    [...repeat(selects, ALU), ...repeat(degree, STEP)],
    [...MULTIPLY, ...repeat(degree, STEP), ...DIVIDE.chain, 'alu'],
  );

const UNARY: Readonly<Record<UnaryOp, Expansion>> = {
  neg: inline('alu'),
  abs: inline('alu'),
  not: inline('alu'),
  isnan: inline('alu'),
  floor: inline('convert', 'convert', 'alu'),
  ceil: inline('convert', 'convert', 'alu'),
  round: inline('convert', 'convert'),
  exp: EXP,
  exp2: EXP2,
  log: LOG,
  log2: LOG,
  sin: SINE,
  cos: SINE,
  sqrt: { ...ROOT, chain: [...ROOT.chain, ...MULTIPLY] },
  rsqrt: ROOT,
  reciprocal: DIVIDE,
  tanh: rational(3, 6),
  // Five intervals: five compares, and a select for each coefficient but the first.
  erf: rational(25, 4),
};

const FLOAT_BINARY: Partial<Readonly<Record<BinaryOp, Expansion>>> = {
  add: inline(...ADD),
  sub: inline(...ADD),
  mul: inline(...MULTIPLY),
  div: DIVIDE,
  rem: called(DIVIDE.free, [...DIVIDE.chain, 'convert', ...STEP]),
  pow: called([...LOG.free, ...EXP.free], [...LOG.chain, ...MULTIPLY, ...EXP.chain]),
};

const INTEGER_BINARY: Partial<Readonly<Record<BinaryOp, Expansion>>> = {
  mul: inline('multiply'),
  div: DIVIDE,
  rem: DIVIDE,
  pow: DIVIDE,
  shl: inline('shift'),
  shr: inline('shift'),
};

const SIMPLE = inline('alu');
const NARROWER = inline('convert');
const NOTHING = inline();
const SPLAT = inline('permute');

/** The machine operations of a node of a body. */
export function expansionOf(operation: BodyOperation): Expansion {
  switch (operation.kind) {
    case 'nothing':
      return NOTHING;
    case 'splat':
      return SPLAT;
    case 'expression':
      return expansionOfExpression(operation.expression);
    case 'multiply-add':
      return MULTIPLY_ADD[isFloat(operation.dtype) ? 'float' : 'integer'];
    case 'combine':
      return combineExpansion(operation.how, operation.dtype);
  }
}

/** The machine operations of an IR operation; loads, constants and named values have none. */
export function expansionOfExpression(expression: Expression): Expansion {
  switch (expression.kind) {
    case 'unary':
      return UNARY[expression.op];
    case 'binary': {
      const table = isFloat(expression.dtype) ? FLOAT_BINARY : INTEGER_BINARY;
      return table[expression.op] ?? SIMPLE;
    }
    case 'compare':
    case 'select':
      return SIMPLE;
    case 'cast':
      return expression.operand.dtype === expression.dtype ? NOTHING : NARROWER;
    case 'index':
      return SIMPLE;
    default:
      return NOTHING;
  }
}

/** The operations that combine two partial results of a sum, product, maximum, … */
function combineExpansion(kind: string, dtype: DType): Expansion {
  if (kind === 'sum') return isFloat(dtype) ? inline(...ADD) : SIMPLE;
  if (kind === 'product') return isFloat(dtype) ? inline(...MULTIPLY) : inline('multiply');
  return SIMPLE;
}

/** One multiplication and one addition; converted back only when the accumulator is stored. */
const MULTIPLY_ADD: Readonly<Record<'float' | 'integer', Expansion>> = {
  float: inline('multiply', 'convert', 'floatAdd', 'convert'),
  integer: inline('multiply', 'alu'),
};

import type { StepName } from '../../../kernels/ops/record-steps.ts';
import type { MachineOpClass } from '../machine/schema.ts';

/**
 * A class of operations. 'normalize' converts the result of a vector operation from the unit's own float format, where
 * it has one; an integer multiplication takes half as much of the multipliers as one of floats.
 */
export type OperationClass = MachineOpClass | 'normalize' | 'integerMultiply';

type Operations = readonly OperationClass[];

const ADD: Operations = ['floatAdd', 'normalize'];
const MULTIPLY: Operations = ['multiply', 'normalize'];
const MULTIPLY_THEN_ADD: Operations = [...MULTIPLY, ...ADD];
const ROUND: Operations = ['convert', 'convert'];
const ALU: Operations = ['alu'];

const repeat = (times: number, operations: Operations): Operations =>
  Array.from({ length: times }, () => operations).flat();

/**
 * A first guess from the exponent's bits, two Newton steps and the product, as math libraries for HVX do it. LLVM takes
 * a vector division apart into scalar ones, which is a habit of a compiler.
 */
const DIVIDE: Operations = ['alu', ...repeat(2, [...MULTIPLY_THEN_ADD, ...MULTIPLY]), ...MULTIPLY];
/** A first guess, and three Newton steps. */
const INVERSE_ROOT: Operations = ['shift', 'alu', ...repeat(3, [...repeat(3, MULTIPLY), ...ADD])];

/** The machine operations of each primitive on a vector unit like HVX, one after the other. */
export const MACHINE_STEPS: Readonly<Record<StepName, Operations>> = {
  add: ADD,
  sub: ADD,
  mul: MULTIPLY,
  mulAdd: MULTIPLY_THEN_ADD,
  mulSub: MULTIPLY_THEN_ADD,
  div: DIVIDE,
  quotient: DIVIDE,
  rsqrt: INVERSE_ROOT,
  sqrt: [...INVERSE_ROOT, ...MULTIPLY],
  floor: [...ROUND, 'alu'],
  ceil: [...ROUND, 'alu'],
  trunc: ROUND,
  nearest: ROUND,
  toFloat: ['convert'],
  toInteger: ['convert'],
  // The same bits in the same register.
  bitsOf: [],
  floatOf: [],
  imul: ['integerMultiply'],
  idiv: DIVIDE,
  irem: DIVIDE,
  ishl: ['shift'],
  ishr: ['shift'],
  shift: ['shift'],
  neg: ALU,
  abs: ALU,
  larger: ALU,
  smaller: ALU,
  atLeast: ALU,
  atMost: ALU,
  positivePart: ALU,
  select: ALU,
  lt: ALU,
  le: ALU,
  gt: ALU,
  ge: ALU,
  eq: ALU,
  ne: ALU,
  iadd: ALU,
  isub: ALU,
  imin: ALU,
  imax: ALU,
  iand: ALU,
  ior: ALU,
  ixor: ALU,
  ilt: ALU,
  ile: ALU,
  igt: ALU,
  ige: ALU,
  ieq: ALU,
  ine: ALU,
  mand: ALU,
  mor: ALU,
  mxor: ALU,
  mnot: ALU,
};

/** Divisions of floats. */
export const DIVISIONS: ReadonlySet<StepName> = new Set<StepName>(['div', 'quotient']);

/**
 * An op with one of these steps is a library function in scalar code: roots, polynomials. A division alone is not:
 * LLVM writes it out.
 */
export const LIBRARY_STEPS: ReadonlySet<StepName> = new Set<StepName>([
  'sqrt',
  'rsqrt',
  'idiv',
  'irem',
  'mulAdd',
  'mulSub',
]);

import { isFloat } from '../../../kernels/arithmetic.ts';
import { COMBINE } from '../../../kernels/combine.ts';
import type { BinaryOp, CompareOp, DType, Expression, UnaryOp } from '../../../kernels/ir.ts';
import { BINARY_OPS } from '../../../kernels/ops/binary.ts';
import { COMPARE_OPS } from '../../../kernels/ops/compare.ts';
import { meaningOn } from '../../../kernels/ops/meaning.ts';
import { type RecordedStep, recordSteps } from '../../../kernels/ops/record-steps.ts';
import { UNARY_OPS } from '../../../kernels/ops/unary.ts';
import type { BodyOperation } from '../../../lowering/body-graph.ts';
import { DIVISIONS, LIBRARY_STEPS, MACHINE_STEPS, type OperationClass } from './machine-steps.ts';

/** One machine operation. It waits for earlier ones of its expansion; without such, for what the expansion is given. */
type MachineStep = Readonly<{
  class: OperationClass;
  inputs: readonly number[];
  /** Of a division, which some compilers take apart into scalar ones. */
  divides?: boolean;
}>;

/** The machine operations of one IR operation. */
export type Expansion = Readonly<{
  steps: readonly MachineStep[];
  divisions: number;
  /** Scalar code calls a library function for it. */
  called: boolean;
}>;

/** Operations one after the other. */
function chain(...kinds: readonly OperationClass[]): Expansion {
  const steps = kinds.map((kind, place) => ({ class: kind, inputs: place === 0 ? [] : [place - 1] }));
  return { steps, divisions: 0, called: false };
}

const NOTHING = chain();
const SIMPLE = chain('alu');
const NARROWER = chain('convert');
const SPLAT = chain('permute');
/** One multiplication and one addition of a contraction. */
const MULTIPLY_ADD = { float: chain(...MACHINE_STEPS.mulAdd), integer: chain('integerMultiply', 'alu') };

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
      return binary(COMBINE[operation.how].op, operation.dtype);
  }
}

/** The machine operations of an IR operation; loads, constants and named values have none. */
export function expansionOfExpression(expression: Expression): Expansion {
  switch (expression.kind) {
    case 'unary':
      return unary(expression.op, expression.operand.dtype);
    case 'binary':
      return binary(expression.op, expression.dtype);
    case 'compare':
      return compare(expression.op, expression.left.dtype);
    case 'cast':
      return expression.operand.dtype === expression.dtype ? NOTHING : NARROWER;
    case 'select':
    case 'index':
      return SIMPLE;
    default:
      return NOTHING;
  }
}

/** An op costs the same wherever it stands, so its expansion is counted once. */
const counted = new Map<string, Expansion>();

function unary(op: UnaryOp, dtype: DType): Expansion {
  const meaning = meaningOn(UNARY_OPS[op], dtype);
  return once(op, dtype, meaning && (() => recordSteps((m, x) => meaning.steps(m, x), 1)));
}

function binary(op: BinaryOp, dtype: DType): Expansion {
  const meaning = meaningOn(BINARY_OPS[op], dtype);
  return once(op, dtype, meaning && (() => recordSteps((m, x, y) => meaning.steps(m, x, y), 2)));
}

function compare(op: CompareOp, dtype: DType): Expansion {
  const steps = meaningOn(COMPARE_OPS[op], dtype);
  return once(op, dtype, steps && (() => recordSteps((m, x, y) => steps(m, x, y), 2)));
}

/** What an op has no steps for (the maximum of two bools) counts as one operation. */
function once(op: string, dtype: DType, record: (() => readonly RecordedStep[]) | undefined): Expansion {
  const key = `${op} ${dtype}`;
  const known = counted.get(key);
  if (known !== undefined) return known;
  const made = record === undefined ? SIMPLE : machineSteps(record());
  counted.set(key, made);
  return made;
}

/** Recorded steps as machine operations: those of a step are a chain. */
function machineSteps(recorded: readonly RecordedStep[]): Expansion {
  const steps: MachineStep[] = [];
  const ends: (readonly number[])[] = [];
  for (const { name, inputs } of recorded) {
    let after: readonly number[] = [...new Set(inputs.flatMap((input) => ends[input]))];
    const divides = DIVISIONS.has(name);
    for (const kind of MACHINE_STEPS[name]) after = [steps.push({ class: kind, inputs: after, divides }) - 1];
    ends.push(after);
  }
  const divisions = recorded.filter(({ name }) => DIVISIONS.has(name)).length;
  return { steps, divisions, called: recorded.some(({ name }) => LIBRARY_STEPS.has(name)) };
}

import { InputError } from '../../search-space/input-error.ts';
import type { DType, Expression } from './ir.ts';
import { UNARY_OPS } from './ops/unary.ts';
import { requireBool } from './require-bool.ts';
import { checkAccess, checkMap, type StageScope } from './validate-access.ts';
import { children } from './walk.ts';

/** Throws InputError for the first thing in the expression that does not exist or does not fit. */
export function checkExpression(expression: Expression, scope: StageScope): void {
  for (const child of children(expression)) checkExpression(child, scope);
  if (expression.kind === 'load') checkLoad(expression, scope);
  else if (expression.kind === 'value') checkValue(expression, scope);
  else if (expression.kind === 'index') checkMap(scope.place, expression.at, scope.loops);
  else checkOperation(expression, scope.place);
}

function checkOperation(expression: Expression, place: string): void {
  switch (expression.kind) {
    case 'unary':
      requireType(place, expression.op, expression.dtype, unaryType(expression));
      break;
    case 'binary':
      requireType(place, expression.op, expression.right.dtype, expression.left.dtype);
      requireType(place, expression.op, expression.dtype, expression.left.dtype);
      break;
    case 'compare':
      requireType(place, expression.op, expression.right.dtype, expression.left.dtype);
      break;
    case 'select':
      requireBool(place, expression.condition);
      requireType(place, 'select', expression.then.dtype, expression.dtype);
      requireType(place, 'select', expression.otherwise.dtype, expression.dtype);
  }
}

function unaryType({ op, operand }: Extract<Expression, { kind: 'unary' }>): DType {
  return UNARY_OPS[op].result ?? operand.dtype;
}

function checkLoad(load: Extract<Expression, { kind: 'load' }>, scope: StageScope): void {
  const { place } = scope;
  const operand = scope.operands.get(load.operand);
  if (operand === undefined) throw new InputError(place, `there is no operand '${load.operand}'`);
  if (operand.role === 'output') {
    throw new InputError(place, `reads the output '${operand.name}'`, 'declare it as inout');
  }
  requireType(place, `load of ${operand.name}`, load.dtype, operand.dtype);
  requireBool(place, load.when);
  if (load.when !== undefined && load.otherwise === undefined) {
    throw new InputError(place, `a masked load of ${operand.name} needs a value for where the mask is false`);
  }
  checkAccess(place, operand, load.at, load.when !== undefined, scope);
}

function checkValue(value: Extract<Expression, { kind: 'value' }>, scope: StageScope): void {
  const { place, loops } = scope;
  const defined = scope.values.get(value.name);
  if (defined === undefined) throw new InputError(place, `uses '${value.name}' before it is defined`);
  requireType(place, value.name, value.dtype, defined.dtype);
  const outside = defined.dims.find((name) => !loops.has(name));
  if (outside !== undefined) {
    throw new InputError(place, `uses '${value.name}' outside the loop over '${outside}' that computes it`);
  }
}

function requireType(place: string, what: string, given: DType, expected: DType): void {
  if (given !== expected)
    throw new InputError(place, `${what} has dtype ${given} where ${expected} is needed`);
}

import type { ConstraintExpression } from '../../search-space/constraint.ts';
import { pythonValue } from '../languages/python.ts';

/** A constraint in Python's grammar; `parseConstraint` reads it back as the same tree. */
export function constraintText(expression: ConstraintExpression): string {
  switch (expression.kind) {
    case 'constant':
      return pythonValue(expression.value);
    case 'name':
      return expression.name;
    case 'list':
      return `[${expression.items.map(constraintText).join(', ')}]`;
    case 'unary':
      return expression.op === 'not'
        ? `not ${inner(expression.operand)}`
        : `${expression.op}${inner(expression.operand)}`;
    case 'binary':
      return `${inner(expression.left)} ${expression.op} ${inner(expression.right)}`;
    case 'compare':
      return [
        inner(expression.first),
        ...expression.rest.map(({ op, operand }) => `${op} ${inner(operand)}`),
      ].join(' ');
    case 'and':
    case 'or':
      return expression.operands.map(inner).join(` ${expression.kind} `);
    case 'call':
      return `${expression.name}(${expression.arguments.map(constraintText).join(', ')})`;
  }
}

/** An operand of another expression, in brackets if it has an operator or a sign. */
function inner(expression: ConstraintExpression): string {
  const text = constraintText(expression);
  const isNegative =
    expression.kind === 'constant' && typeof expression.value === 'number' && expression.value < 0;
  const isAtom = ['constant', 'name', 'list', 'call'].includes(expression.kind) && !isNegative;
  return isAtom ? text : `(${text})`;
}

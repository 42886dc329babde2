import type { Expression } from './ir.ts';
import { BINARY_OPS } from './ops/binary.ts';
import type { OpClass } from './ops/op-classes.ts';
import { UNARY_OPS } from './ops/unary.ts';

/** The class of an expression's outermost operation; undefined for constants and named values. */
export function opClass(expression: Expression): OpClass | undefined {
  switch (expression.kind) {
    case 'unary':
      return UNARY_OPS[expression.op].class;
    case 'binary':
      return BINARY_OPS[expression.op].class;
    case 'cast':
      return 'convert';
    case 'load':
    case 'index':
    case 'compare':
    case 'select':
      return expression.kind;
    default:
      return undefined;
  }
}

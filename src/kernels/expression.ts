import { InputError } from '../../search-space/input-error.ts';
import type { BinaryOp, CompareOp, DType, UnaryOp } from './ir.ts';
import { UNARY_OPS } from './ops/unary.ts';
import { requireBool } from './require-bool.ts';
import type { ValueGraph, ValueNode } from './value-graph.ts';

/**
 * A typed expression under construction. Both sides of an operation have the same dtype (InputError
 * otherwise); a plain number takes the dtype of the other side. Equal expressions are the same value,
 * so writing one twice costs nothing.
 */
export class Expr {
  readonly graph: ValueGraph;
  readonly node: ValueNode;

  constructor(graph: ValueGraph, node: ValueNode) {
    this.graph = graph;
    this.node = node;
  }

  get dtype(): DType {
    return this.node.dtype;
  }

  add(other: Expr | number): Expr {
    return binary('add', this, other);
  }
  sub(other: Expr | number): Expr {
    return binary('sub', this, other);
  }
  mul(other: Expr | number): Expr {
    return binary('mul', this, other);
  }
  div(other: Expr | number): Expr {
    return binary('div', this, other);
  }
  rem(other: Expr | number): Expr {
    return binary('rem', this, other);
  }
  pow(other: Expr | number): Expr {
    return binary('pow', this, other);
  }
  max(other: Expr | number): Expr {
    return binary('max', this, other);
  }
  min(other: Expr | number): Expr {
    return binary('min', this, other);
  }
  and(other: Expr | number): Expr {
    return binary('and', this, other);
  }
  or(other: Expr | number): Expr {
    return binary('or', this, other);
  }
  xor(other: Expr | number): Expr {
    return binary('xor', this, other);
  }
  shl(other: Expr | number): Expr {
    return binary('shl', this, other);
  }
  shr(other: Expr | number): Expr {
    return binary('shr', this, other);
  }
  lt(other: Expr | number): Expr {
    return compareValues('lt', this, other);
  }
  le(other: Expr | number): Expr {
    return compareValues('le', this, other);
  }
  gt(other: Expr | number): Expr {
    return compareValues('gt', this, other);
  }
  ge(other: Expr | number): Expr {
    return compareValues('ge', this, other);
  }
  eq(other: Expr | number): Expr {
    return compareValues('eq', this, other);
  }
  ne(other: Expr | number): Expr {
    return compareValues('ne', this, other);
  }

  /** The value cast to a dtype; itself where it has that dtype already. */
  to(dtype: DType): Expr {
    if (dtype === this.dtype) return this;
    return derive('cast', 'cast', dtype, [this], ([operand]) => ({ kind: 'cast', operand, dtype }));
  }
}

export function constant(graph: ValueGraph, value: number, dtype: DType): Expr {
  const key = `constant:${Object.is(value, -0) ? '-0' : value}`;
  const node = graph.intern(key, dtype, [], [], {
    kind: 'expression',
    label: 'constant',
    leaf: true,
    tree: () => ({ kind: 'constant', value, dtype }),
  });
  return new Expr(graph, node);
}

export function unary(op: UnaryOp, operand: Expr): Expr {
  const dtype = UNARY_OPS[op].result ?? operand.dtype;
  return derive(op, op, dtype, [operand], ([inner]) => ({ kind: 'unary', op, operand: inner, dtype }));
}

export function binary(op: BinaryOp, left: Expr, right: Expr | number): Expr {
  const { dtype } = left;
  const other = sameType(op, left, right);
  return derive(op, op, dtype, [left, other], ([l, r]) => ({ kind: 'binary', op, left: l, right: r, dtype }));
}

export function compareValues(op: CompareOp, left: Expr, right: Expr | number): Expr {
  const other = sameType(op, left, right);
  return derive(op, op, 'bool', [left, other], ([l, r]) => ({
    kind: 'compare',
    op,
    left: l,
    right: r,
    dtype: 'bool',
  }));
}

/**
 * `then` where the condition holds, else `otherwise`. At least one of the two is an expression, which
 * gives a number on the other side its dtype. Throws InputError otherwise, and for unequal dtypes.
 */
export function select(condition: Expr, then: Expr | number, otherwise: Expr | number): Expr {
  requireBool('select', condition);
  const typed = then instanceof Expr ? then : otherwise;
  if (!(typed instanceof Expr)) {
    throw new InputError('select', 'needs a typed branch; make one of the two numbers a k.constant');
  }
  const a = sameType('select', typed, then);
  const b = sameType('select', typed, otherwise);
  const { dtype } = typed;
  return derive('select', 'select', dtype, [condition, a, b], ([c, t, o]) => ({
    kind: 'select',
    condition: c,
    // biome-ignore lint/suspicious/noThenProperty: the IR's word; nobody awaits an expression
    then: t,
    otherwise: o,
    dtype,
  }));
}

function sameType(op: string, left: Expr, right: Expr | number): Expr {
  if (typeof right === 'number') return constant(left.graph, right, left.dtype);
  if (right.dtype !== left.dtype) {
    const hint = `convert one side with .to('${left.dtype}')`;
    throw new InputError(op, `both sides must have one dtype, got ${left.dtype} and ${right.dtype}`, hint);
  }
  return right;
}

type Tree = Extract<ValueNode['source'], { kind: 'expression' }>['tree'];

function derive(key: string, label: string, dtype: DType, inputs: readonly Expr[], tree: Tree): Expr {
  const { graph } = inputs[0];
  const nodes = inputs.map((input) => input.node);
  return new Expr(
    graph,
    graph.intern(key, dtype, [], nodes, { kind: 'expression', label, leaf: false, tree }),
  );
}

import { binaryFunction, castFunction, isInteger, unaryFunction } from '../../../kernels/arithmetic.ts';
import type { BinaryOp, CompareOp, DType, UnaryOp } from '../../../kernels/ir.ts';
import { COMPARE_OPS } from '../../../kernels/ops/compare.ts';
import { UNARY_OPS } from '../../../kernels/ops/unary.ts';
import {
  constantIndex,
  type Index,
  isConstant,
  type Range,
  type Ranges,
  rangeOf,
  scale,
  subtract,
} from './index-expression.ts';
import type { Combination, Form, Load, Node, Reduction, Sign } from './node.ts';

/** A program that cannot be followed any further: its expressions grow beyond what is sensible. */
export class TooComplex extends Error {
  override readonly name = 'TooComplex';
}

const MAX_DEPTH = 1500;
const MAX_NODES = 400_000;
const MAX_KEY = 20_000;
const OPPOSITE: Readonly<Record<Sign, Sign>> = { lt: 'ge', ge: 'lt', eq: 'ne', ne: 'eq' };

/** Makes nodes, simplifying as it goes; equal nodes are the same object. */
export class Pool {
  private readonly known = new Map<string, Node>();
  private readonly reductions = new Map<string, Reduction>();

  constant(value: number, dtype: DType): Node {
    if (isWhole(dtype)) return this.index(constantIndex(value), dtype);
    return this.make(`c${Object.is(value, -0) ? '-0' : value}`, dtype, [], { kind: 'constant', value });
  }

  bool(value: boolean): Node {
    return this.constant(value ? 1 : 0, 'bool');
  }

  index(index: Index, dtype: DType): Node {
    return this.make(`i${index.key}`, dtype, [], { kind: 'index', index });
  }

  /** index < 0, ≥ 0, = 0 or ≠ 0. */
  sign(sign: Sign, index: Index, ranges: Ranges = signRange): Node {
    const { least, greatest } = rangeOf(index, ranges);
    if (greatest < 0) return this.bool(signHolds(sign, -1));
    if (least > 0) return this.bool(signHolds(sign, 1));
    if (least === 0 && (sign === 'lt' || sign === 'ge')) return this.bool(sign === 'ge');
    if (least === 0 && greatest === 0) return this.bool(sign === 'eq');
    return this.make(`${sign}${index.key}`, 'bool', [], { kind: 'sign', sign, index });
  }

  load(load: Omit<Load, 'kind'>, dtype: DType): Node {
    const { operand, index, mask, other, version } = load;
    const always = mask !== undefined && constantOf(mask) === 1;
    if (mask !== undefined && constantOf(mask) === 0) return other ?? this.constant(0, dtype);
    const guard = mask === undefined || always ? {} : { mask, other: other ?? this.constant(0, dtype) };
    const inputs = guard.mask === undefined ? [] : [guard.mask, guard.other];
    return this.make(`l${operand}.${version}[${index.key}]`, dtype, inputs, {
      kind: 'load',
      operand,
      index,
      version,
      ...guard,
    });
  }

  unary(op: UnaryOp, operand: Node): Node {
    const { form } = operand;
    const value = constantOf(operand);
    const dtype = UNARY_OPS[op].result ?? operand.dtype;
    if (value !== undefined) return this.constant(unaryFunction(op, operand.dtype)(value), dtype);
    if (op === 'not' && form.kind === 'sign') return this.sign(OPPOSITE[form.sign], form.index);
    if (op === 'not' && form.kind === 'unary' && form.op === 'not') return form.operand;
    if (op === 'neg' && form.kind === 'index') return this.index(scale(form.index, -1), operand.dtype);
    return this.make(op, dtype, [operand], { kind: 'unary', op, operand });
  }

  binary(op: BinaryOp, left: Node, right: Node): Node {
    const a = constantOf(left);
    const b = constantOf(right);
    if (a !== undefined && b !== undefined) {
      return this.constant(binaryFunction(op, left.dtype)(a, b), left.dtype);
    }
    const same = this.neutral(op, left, right, a, b);
    if (same !== undefined) return same;
    return this.make(op, left.dtype, [left, right], { kind: 'binary', op, left, right });
  }

  /** x + 0, 1 · x, x ∧ true and their like. */
  private neutral(op: BinaryOp, left: Node, right: Node, a?: number, b?: number): Node | undefined {
    const identity = NEUTRAL[op];
    if (identity !== undefined && b === identity) return left;
    if (identity !== undefined && a === identity && COMMUTATIVE.has(op)) return right;
    if ((op === 'and' || op === 'or') && left === right) return left;
    if (left.dtype !== 'bool') return undefined;
    if (op === 'and') return this.logical(left, right, a, b, 1);
    if (op === 'or') return this.logical(left, right, a, b, 0);
    if (op === 'xor' && b === 1) return this.unary('not', left);
    return op === 'xor' && a === 1 ? this.unary('not', right) : undefined;
  }

  private logical(
    left: Node,
    right: Node,
    a: number | undefined,
    b: number | undefined,
    keep: 0 | 1,
  ): Node | undefined {
    if (a === keep) return right;
    if (b === keep) return left;
    return a !== undefined || b !== undefined ? this.bool(keep === 0) : undefined;
  }

  compare(op: CompareOp, left: Node, right: Node): Node {
    const a = constantOf(left);
    const b = constantOf(right);
    if (a !== undefined && b !== undefined) return this.bool(COMPARE_OPS[op].holds(a, b));
    if (left.form.kind === 'index' && right.form.kind === 'index') {
      return this.compareIndices(op, left.form.index, right.form.index);
    }
    if (op === 'ne' && left === right && !isWhole(left.dtype)) return this.unary('isnan', left);
    return this.make(op, 'bool', [left, right], { kind: 'compare', op, left, right });
  }

  private compareIndices(op: CompareOp, left: Index, right: Index): Node {
    if (op === 'gt') return this.sign('lt', subtract(right, left));
    if (op === 'le') return this.sign('ge', subtract(right, left));
    return this.sign(op, subtract(left, right));
  }

  select(condition: Node, then: Node, otherwise: Node): Node {
    const value = constantOf(condition);
    if (value !== undefined) return value === 1 ? then : otherwise;
    if (then === otherwise) return then;
    const { form } = condition;
    if (form.kind === 'unary' && form.op === 'not') return this.select(form.operand, otherwise, then);
    if (then.dtype === 'bool') return this.selectBool(condition, then, otherwise);
    const extreme = this.extreme(condition, then, otherwise);
    if (extreme !== undefined) return extreme;
    return this.make('select', then.dtype, [condition, then, otherwise], {
      kind: 'select',
      condition,
      then,
      otherwise,
    });
  }

  private selectBool(condition: Node, then: Node, otherwise: Node): Node {
    const no = this.unary('not', condition);
    return this.binary('or', this.binary('and', condition, then), this.binary('and', no, otherwise));
  }

  /** a > b or a is NaN ? a : b, as Triton's helpers write the maximum; < for the minimum. */
  private extreme(condition: Node, then: Node, otherwise: Node): Node | undefined {
    const compared = this.withoutNanCheck(condition, then);
    if (compared?.form.kind !== 'compare') return undefined;
    const { op, left, right } = compared.form;
    const forward = left === then && right === otherwise;
    const backward = left === otherwise && right === then;
    if (!forward && !backward) return undefined;
    const greater = op === 'gt' || op === 'ge' ? forward : backward;
    return op === 'eq' || op === 'ne' ? undefined : this.binary(greater ? 'max' : 'min', then, otherwise);
  }

  /** The comparison in `comparison or isnan(then)`; alone it does only where `then` is a number. */
  private withoutNanCheck(condition: Node, then: Node): Node | undefined {
    const { form } = condition;
    if (constantOf(then) !== undefined || isWhole(then.dtype)) return condition;
    if (form.kind !== 'binary' || form.op !== 'or') return undefined;
    const isNan = this.unary('isnan', then);
    if (form.right === isNan) return form.left;
    return form.left === isNan ? form.right : undefined;
  }

  cast(operand: Node, dtype: DType): Node {
    if (operand.dtype === dtype) return operand;
    const { form } = operand;
    const value = constantOf(operand);
    if (value === undefined && form.kind === 'index' && holdsIndices(dtype))
      return this.index(form.index, dtype);
    if (value !== undefined) return this.constant(castFunction(operand.dtype, dtype)(value), dtype);
    return this.make(`to`, dtype, [operand], { kind: 'cast', operand });
  }

  state(name: string, at: readonly Index[], dtype: DType): Node {
    return this.make(`s${name}[${at.map((index) => index.key).join(';')}]`, dtype, [], {
      kind: 'state',
      name,
      at,
    });
  }

  parameter(name: string, dtype: DType): Node {
    return this.make(`p${name}`, dtype, [], { kind: 'parameter', name });
  }

  /** Component `component` of inputs combined over the variables `over`. */
  reduced(combine: Combination, over: readonly string[], inputs: readonly Node[], component: number): Node {
    if (over.length === 0) return combine.kind === 'contract' ? this.product(inputs) : inputs[component];
    const name = combine.kind === 'region' ? `region:${combine.name}` : combine.kind;
    const key = `${name}|${over.join(',')}|${inputs.map((input) => input.id).join(',')}`;
    const known = this.reductions.get(key) ?? { key, combine, over, inputs };
    this.reductions.set(key, known);
    const dtype = combine.kind === 'region' ? combine.results[component].dtype : inputs[0].dtype;
    return this.make(`r${component}:${key}`, dtype, inputs, { kind: 'reduced', reduction: known, component });
  }

  private product([left, right]: readonly Node[]): Node {
    return this.binary('mul', left, right);
  }

  private make(label: string, dtype: DType, inputs: readonly Node[], form: Form): Node {
    const key = `${label}|${dtype}|${inputs.map((input) => input.id).join(',')}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const depth = 1 + inputs.reduce((deepest, input) => Math.max(deepest, input.depth), 0);
    if (depth > MAX_DEPTH || key.length > MAX_KEY || this.known.size > MAX_NODES) {
      throw new TooComplex('its expressions grow too large to follow');
    }
    const node: Node = { id: this.known.size, depth, dtype, form };
    this.known.set(key, node);
    return node;
  }
}

const NEUTRAL: Readonly<Partial<Record<BinaryOp, number>>> = {
  add: 0,
  sub: 0,
  xor: 0,
  mul: 1,
  div: 1,
  shl: 0,
  shr: 0,
  pow: 1,
  max: Number.NEGATIVE_INFINITY,
  min: Number.POSITIVE_INFINITY,
};
const COMMUTATIVE: ReadonlySet<BinaryOp> = new Set(['add', 'mul', 'max', 'min']);

/** Indices start at 0; a name with `$` stands for a number not known yet. */
function signRange(name: string): Range {
  return { least: name.startsWith('$') ? Number.NEGATIVE_INFINITY : 0, greatest: Number.POSITIVE_INFINITY };
}

/** Dtypes that no index exceeds, so that a conversion keeps its value. */
function holdsIndices(dtype: DType): boolean {
  return dtype === 'i32' || dtype === 'i64';
}

/** The number a node always has. */
export function constantOf({ form }: Node): number | undefined {
  if (form.kind === 'constant') return form.value;
  return form.kind === 'index' && isConstant(form.index) ? form.index.constant : undefined;
}

/** Integers that count; truth values do not. */
export function isWhole(dtype: DType): boolean {
  return dtype !== 'bool' && isInteger(dtype);
}

export function signHolds(sign: Sign, value: number): boolean {
  if (sign === 'lt') return value < 0;
  if (sign === 'ge') return value >= 0;
  return sign === 'eq' ? value === 0 : value !== 0;
}

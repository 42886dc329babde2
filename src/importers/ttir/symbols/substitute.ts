import { quotient, remainder } from './divide.ts';
import {
  type Atom,
  add,
  atomIndex,
  computeOpaque,
  constantIndex,
  type Index,
  isConstant,
  type OpaqueOp,
  type Ranges,
  rangeOf,
  scale,
  subtract,
  unbounded,
} from './index-expression.ts';

/** Replaces variables and simplifies again with the ranges given. */
export function substitute(
  index: Index,
  replace: (name: string) => Index | undefined,
  ranges: Ranges,
): Index {
  let result = constantIndex(index.constant);
  for (const { atom, factor } of index.terms.values()) {
    result = add(result, substituteAtom(atom, replace, ranges), factor);
  }
  return result;
}

function substituteAtom(atom: Atom, replace: (name: string) => Index | undefined, ranges: Ranges): Index {
  if (atom.kind === 'variable') return replace(atom.name) ?? atomIndex(atom);
  if (atom.kind === 'opaque') {
    const left = substitute(atom.left, replace, ranges);
    return opaque(atom.op, left, substitute(atom.right, replace, ranges), ranges);
  }
  const inner = substitute(atom.of, replace, ranges);
  return atom.kind === 'quotient' ? quotient(inner, atom.by, ranges) : remainder(inner, atom.by, ranges);
}

/** The operation on two sums where it is one; an opaque atom where it is none. */
export function opaque(op: OpaqueOp, left: Index, right: Index, ranges: Ranges = unbounded): Index {
  if (isConstant(left) && isConstant(right))
    return constantIndex(computeOpaque(op, left.constant, right.constant));
  if (op === 'product' && isConstant(right)) return scale(left, right.constant);
  if (op === 'product' && isConstant(left)) return scale(right, left.constant);
  if (isConstant(right) && right.constant > 0) {
    if (op === 'quotient') return quotient(left, right.constant, ranges);
    if (op === 'remainder') return remainder(left, right.constant, ranges);
  }
  if (op === 'min' || op === 'max') {
    const difference = rangeOf(subtract(left, right), ranges);
    if (difference.least >= 0) return op === 'max' ? left : right;
    if (difference.greatest <= 0) return op === 'max' ? right : left;
  }
  return atomIndex({ kind: 'opaque', op, left, right });
}

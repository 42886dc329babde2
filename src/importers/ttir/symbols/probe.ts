import { binaryFunction, castFunction, unaryFunction } from '../../../kernels/arithmetic.ts';
import { COMPARE_OPS } from '../../../kernels/ops/compare.ts';
import { evaluateIndex } from './index-expression.ts';
import { inputsOf, type Node } from './node.ts';
import { signHolds } from './pool.ts';

/** What a node is evaluated in: indices, and values for whatever the graph does not compute itself. */
export type ProbePoint = Readonly<{
  variable: (name: string) => number;
  /** An unmasked load, a reduction's result, a state or a parameter. */
  leaf: (node: Node) => number;
}>;

/** The values of `nodes` in a world: how hypotheses about a program are tried on numbers. */
export function evaluateNodes(nodes: readonly Node[], world: ProbePoint): number[] {
  const known = new Map<number, number>();
  const value = (node: Node): number => {
    const before = known.get(node.id);
    if (before !== undefined) return before;
    const result = evaluateNode(node, value, world);
    known.set(node.id, result);
    return result;
  };
  return nodes.map(value);
}

function evaluateNode(node: Node, value: (input: Node) => number, world: ProbePoint): number {
  const { form, dtype } = node;
  switch (form.kind) {
    case 'constant':
      return form.value;
    case 'index':
      return evaluateIndex(form.index, world.variable);
    case 'sign':
      return Number(signHolds(form.sign, evaluateIndex(form.index, world.variable)));
    case 'load':
      if (form.mask !== undefined && value(form.mask) === 0)
        return form.other === undefined ? Number.NaN : value(form.other);
      return world.leaf(node);
    case 'unary':
      return unaryFunction(form.op, form.operand.dtype)(value(form.operand));
    case 'binary':
      return binaryFunction(form.op, dtype)(value(form.left), value(form.right));
    case 'compare':
      return Number(COMPARE_OPS[form.op].holds(value(form.left), value(form.right)));
    case 'select':
      return value(form.condition) !== 0 ? value(form.then) : value(form.otherwise);
    case 'cast':
      return castFunction(form.operand.dtype, dtype)(value(form.operand));
    default:
      return world.leaf(node);
  }
}

/** Equal up to rounding; infinities and NaN equal themselves. */
export function near(a: number, b: number): boolean {
  if (Object.is(a, b) || a === b) return true;
  return Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b));
}

/** Whether a node depends on any of the leaves that `isLeaf` names. */
export function dependsOn(roots: readonly Node[], isLeaf: (node: Node) => boolean): boolean {
  const seen = new Set<number>();
  const visit = (node: Node): boolean => {
    if (seen.has(node.id)) return false;
    seen.add(node.id);
    return isLeaf(node) || inputsOf(node).some(visit);
  };
  return roots.some(visit);
}

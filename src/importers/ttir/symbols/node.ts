import type { BinaryOp, CompareOp, DType, UnaryOp } from '../../../kernels/ir.ts';
import type { Index } from './index-expression.ts';

/**
 * A value as a function of indices: a graph in which equal nodes are one object. Program ids, loop
 * counters and lanes are variables; `@0`, `@1` … are the axes of the tensor the value belongs to.
 */
export type Node = Readonly<{ id: number; depth: number; dtype: DType; form: Form }>;

/** How an index is compared with zero. */
export type Sign = 'lt' | 'ge' | 'eq' | 'ne';

export type Form =
  | Readonly<{ kind: 'constant'; value: number }>
  | Readonly<{ kind: 'index'; index: Index }>
  | Readonly<{ kind: 'sign'; sign: Sign; index: Index }>
  | Load
  | Readonly<{ kind: 'unary'; op: UnaryOp; operand: Node }>
  | Readonly<{ kind: 'binary'; op: BinaryOp; left: Node; right: Node }>
  | Readonly<{ kind: 'compare'; op: CompareOp; left: Node; right: Node }>
  | Readonly<{ kind: 'select'; condition: Node; then: Node; otherwise: Node }>
  | Readonly<{ kind: 'cast'; operand: Node }>
  | Readonly<{ kind: 'reduced'; reduction: Reduction; component: number }>
  /** What a loop carries, at the start of an iteration; `at` are the axes at which it is seen. */
  | Readonly<{ kind: 'state'; name: string; at: readonly Index[] }>
  /** A side of a reduction's region. */
  | Readonly<{ kind: 'parameter'; name: string }>;

export type Load = Readonly<{
  kind: 'load';
  operand: string;
  index: Index;
  mask?: Node;
  /** The value where the mask is false. */
  other?: Node;
  /** How many stores to the operand came before, in program order. */
  version: number;
}>;

export type Reduction = Readonly<{
  key: string;
  combine: Combination;
  over: readonly string[];
  inputs: readonly Node[];
}>;

export type Combination =
  | Readonly<{ kind: 'sum' | 'product' | 'max' | 'min' | 'any' | 'all' }>
  /** Σ of the product of two inputs. */
  | Readonly<{ kind: 'contract' }>
  /** Several components at once; `name` is equal for equal regions. */
  | Readonly<{
      kind: 'region';
      name: string;
      left: readonly Node[];
      right: readonly Node[];
      results: readonly Node[];
      identity: readonly number[];
    }>;

/** The direct inputs of a node. */
export function inputsOf({ form }: Node): readonly Node[] {
  switch (form.kind) {
    case 'load':
      return [form.mask, form.other].filter((node) => node !== undefined);
    case 'unary':
    case 'cast':
      return [form.operand];
    case 'binary':
    case 'compare':
      return [form.left, form.right];
    case 'select':
      return [form.condition, form.then, form.otherwise];
    case 'reduced':
      return form.reduction.inputs;
    default:
      return [];
  }
}

/** The indices a node itself holds. */
export function indicesOf({ form }: Node): readonly Index[] {
  if (form.kind === 'index' || form.kind === 'sign' || form.kind === 'load') return [form.index];
  return form.kind === 'state' ? form.at : [];
}

/** Every node under `roots`, each once, inputs first. */
export function reachable(roots: readonly Node[]): Node[] {
  const found: Node[] = [];
  const seen = new Set<number>();
  const visit = (node: Node): void => {
    if (seen.has(node.id)) return;
    seen.add(node.id);
    for (const input of inputsOf(node)) visit(input);
    found.push(node);
  };
  for (const root of roots) visit(root);
  return found;
}

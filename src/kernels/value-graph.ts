import type { DType, Expression, Stage } from './ir.ts';

/** A value of the kernel that is being built. Equal expressions are one node, so that a shared one can become a `map` stage. */
export type ValueNode = Readonly<{
  id: number;
  dtype: DType;
  /** Dimensions that its value depends on. */
  dims: ReadonlySet<string>;
  inputs: readonly ValueNode[];
  source: Source;
}>;

type Source =
  /** An expression over the expressions of `inputs`. `label` names it if it becomes a stage. */
  | Readonly<{
      kind: 'expression';
      label: string;
      /** Too cheap to name: constants and indices stay where they are used. */
      leaf: boolean;
      /** The operand, if it is a load. */
      loads?: string;
      /** A load that may be done again instead of kept: of an input, without a mask. */
      repeatable?: boolean;
      tree: (inputs: readonly Expression[]) => Expression;
    }>
  /** Component `component` of a reduction or contraction. */
  | Readonly<{ kind: 'result'; group: ReductionGroup; component: number }>
  /** A parameter of a reduction's region. */
  | Readonly<{ kind: 'parameter'; name: string }>;

/** A reduction or contraction: its components are computed together. */
export type ReductionGroup = Readonly<{
  /** Node id of component 0; component n has firstId + n. */
  firstId: number;
  labels: readonly string[];
  inputs: readonly ValueNode[];
  /** The loops of its stage, outermost first. */
  loops: readonly string[];
  stage: (names: readonly string[], inputs: readonly Expression[]) => Stage;
}>;

/** A store; effects keep their program order. */
export type Effect = Readonly<{
  operand: string;
  /** Value, then the condition if there is one. */
  inputs: readonly ValueNode[];
  /** The loops of its stage, outermost first. */
  loops: readonly string[];
  /** Nodes with smaller ids existed before the store: loads among them must see the old contents. */
  before: number;
  stage: (inputs: readonly Expression[]) => Stage;
}>;

/** The values of a kernel under construction. */
export class ValueGraph {
  private readonly interned = new Map<string, ValueNode>();
  private count = 0;

  get size(): number {
    return this.count;
  }

  /** The node for `key` over `inputs`, made on first use. Equal keys must mean equal values. */
  intern(
    key: string,
    dtype: DType,
    dims: Iterable<string>,
    inputs: readonly ValueNode[],
    source: Source,
  ): ValueNode {
    const full = `${key}|${dtype}|${inputs.map((input) => input.id).join(',')}`;
    const known = this.interned.get(full);
    if (known !== undefined) return known;
    const node: ValueNode = { id: this.count++, dtype, dims: union(dims, inputs), inputs, source };
    this.interned.set(full, node);
    return node;
  }

  /** A new node that is equal to no other: the result of a reduction. */
  fresh(dtype: DType, dims: ReadonlySet<string>, inputs: readonly ValueNode[], source: Source): ValueNode {
    return { id: this.count++, dtype, dims, inputs, source };
  }
}

function union(dims: Iterable<string>, inputs: readonly ValueNode[]): ReadonlySet<string> {
  const all = new Set(dims);
  for (const input of inputs) for (const name of input.dims) all.add(name);
  return all;
}

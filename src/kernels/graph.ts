import type { DType, Expression, Stage } from './ir.ts';

/**
 * What the builder collects: a graph in which equal expressions are one node, so that sharing is
 * seen and can become a `map` stage.
 */
export type Node = Readonly<{
  id: number;
  dtype: DType;
  /** Dimensions on which its value depends. */
  dims: ReadonlySet<string>;
  inputs: readonly Node[];
  source: Source;
}>;

export type Source =
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
  | Readonly<{ kind: 'result'; group: Group; component: number }>
  /** A parameter of a reduction's region. */
  | Readonly<{ kind: 'parameter'; name: string }>;

/** A reduction or contraction: its components are computed together. */
export type Group = Readonly<{
  /** Node id of component 0; component n has firstId + n. */
  firstId: number;
  labels: readonly string[];
  inputs: readonly Node[];
  /** The loops of its stage, outermost first. */
  loops: readonly string[];
  stage: (names: readonly string[], inputs: readonly Expression[]) => Stage;
}>;

/** Writes a value; kept in program order. */
export type Effect = Readonly<{
  operand: string;
  /** Value, then the condition if there is one. */
  inputs: readonly Node[];
  /** The loops of its stage, outermost first. */
  loops: readonly string[];
  /** Node ids below this existed before the store: their loads must see the old contents. */
  before: number;
  stage: (inputs: readonly Expression[]) => Stage;
}>;

export class Graph {
  private readonly interned = new Map<string, Node>();
  private count = 0;

  get size(): number {
    return this.count;
  }

  /** The node for `key` over `inputs`, made on first use. Equal keys must mean equal values. */
  intern(key: string, dtype: DType, dims: Iterable<string>, inputs: readonly Node[], source: Source): Node {
    const full = `${key}|${dtype}|${inputs.map((input) => input.id).join(',')}`;
    const known = this.interned.get(full);
    if (known !== undefined) return known;
    const node: Node = { id: this.count++, dtype, dims: union(dims, inputs), inputs, source };
    this.interned.set(full, node);
    return node;
  }

  /** A node equal to no other: the result of a reduction. */
  fresh(dtype: DType, dims: ReadonlySet<string>, inputs: readonly Node[], source: Source): Node {
    return { id: this.count++, dtype, dims, inputs, source };
  }
}

function union(dims: Iterable<string>, inputs: readonly Node[]): ReadonlySet<string> {
  const all = new Set(dims);
  for (const input of inputs) for (const name of input.dims) all.add(name);
  return all;
}

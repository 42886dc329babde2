import { type Index, type Ranges, unbounded, variablesOf } from './index-expression.ts';
import { indicesOf, inputsOf, type Node, type Reduction } from './node.ts';
import type { Pool } from './pool.ts';
import { substitute } from './substitute.ts';

export type Change = Readonly<{
  /** What stands for a variable, bound ones included; undefined keeps it. */
  variable?: (name: string) => Index | undefined;
  /** Lets indices be simplified further. */
  ranges?: Ranges;
  /** What stands for a whole index, before its variables are replaced. */
  index?: (index: Index) => Index;
  /** What stands for a node; undefined rewrites its inputs. */
  node?: (node: Node) => Node | undefined;
}>;

/** The nodes with variables or leaves replaced, simplified again. */
export function rewrite(pool: Pool, roots: readonly Node[], change: Change): Node[] {
  const rewriter = new Rewriter(pool, change);
  return roots.map((root) => rewriter.node(root));
}

/** Likewise for an index that stands beside the nodes. */
export function rewriteIndex(index: Index, change: Change): Index {
  const whole = change.index?.(index) ?? index;
  return substitute(whole, change.variable ?? (() => undefined), change.ranges ?? unbounded);
}

class Rewriter {
  private readonly pool: Pool;
  private readonly change: Change;
  private readonly done = new Map<number, Node>();

  constructor(pool: Pool, change: Change) {
    this.pool = pool;
    this.change = change;
  }

  node(node: Node): Node {
    const known = this.done.get(node.id);
    if (known !== undefined) return known;
    const result = this.change.node?.(node) ?? this.rebuilt(node);
    this.done.set(node.id, result);
    return result;
  }

  private rebuilt(node: Node): Node {
    const { pool } = this;
    const { form, dtype } = node;
    switch (form.kind) {
      case 'index':
        return pool.index(this.index(form.index), dtype);
      case 'sign':
        return pool.sign(form.sign, this.index(form.index), this.change.ranges);
      case 'load': {
        const { mask, other, ...rest } = form;
        const guard =
          mask === undefined || other === undefined ? {} : { mask: this.node(mask), other: this.node(other) };
        return pool.load({ ...rest, index: this.index(form.index), ...guard }, dtype);
      }
      case 'unary':
        return pool.unary(form.op, this.node(form.operand));
      case 'binary':
        return pool.binary(form.op, this.node(form.left), this.node(form.right));
      case 'compare':
        return pool.compare(form.op, this.node(form.left), this.node(form.right));
      case 'select':
        return pool.select(this.node(form.condition), this.node(form.then), this.node(form.otherwise));
      case 'cast':
        return pool.cast(this.node(form.operand), dtype);
      case 'reduced':
        return this.reduced(form.reduction, form.component);
      case 'state':
        return pool.state(
          form.name,
          form.at.map((index) => this.index(index)),
          dtype,
        );
      default:
        return node;
    }
  }

  private index(index: Index): Index {
    return rewriteIndex(index, this.change);
  }

  private reduced(reduction: Reduction, component: number): Node {
    const over = new Set<string>();
    for (const name of reduction.over) {
      const replacement = this.change.variable?.(name);
      if (replacement === undefined) over.add(name);
      else variablesOf(replacement, over);
    }
    const inputs = reduction.inputs.map((input) => this.node(input));
    return this.pool.reduced(reduction.combine, [...over], inputs, component);
  }
}

/** The variables a node depends on, without those its reductions bind. */
export function freeVariables(
  root: Node,
  known = new Map<number, ReadonlySet<string>>(),
): ReadonlySet<string> {
  const before = known.get(root.id);
  if (before !== undefined) return before;
  const found = new Set<string>();
  for (const index of indicesOf(root)) variablesOf(index, found);
  for (const input of inputsOf(root)) for (const name of freeVariables(input, known)) found.add(name);
  if (root.form.kind === 'reduced') for (const name of root.form.reduction.over) found.delete(name);
  known.set(root.id, found);
  return found;
}

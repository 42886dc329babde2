import { type Node, valueType } from './node.ts';

type Item =
  | Readonly<{ kind: 'node'; node: Node }>
  | Readonly<{ kind: 'effect'; args: readonly Node[]; render: (args: readonly string[]) => string }>
  | Readonly<{ kind: 'body'; scope: Scope; wrap: (body: string) => string }>;

/** Locals of one function, by their types. */
export type Locals = Map<string, string>;

/**
 * A stretch of code: a function's body or a loop's. Values and effects stand in the order they were
 * made; a value used once and soon is written where it is used.
 */
export class Scope {
  readonly depth: number;
  readonly known = new Map<string, Node>();
  private readonly items: Item[] = [];

  constructor(readonly parent: Scope | undefined) {
    this.depth = parent === undefined ? 0 : parent.depth + 1;
  }

  add(node: Node): void {
    this.items.push({ kind: 'node', node });
  }

  effect(args: readonly Node[], render: (args: readonly string[]) => string): void {
    for (const arg of args) this.use(arg);
    this.items.push({ kind: 'effect', args, render });
  }

  /** A closed inner scope takes its place behind everything that was hoisted out of it. */
  close(scope: Scope, wrap: (body: string) => string): void {
    this.items.push({ kind: 'body', scope, wrap });
  }

  use(node: Node): void {
    node.uses++;
    if (node.uses > 1 || node.scope !== this) node.local = true;
  }

  render(locals: Locals): string {
    const lines: string[] = [];
    for (const item of this.items) {
      if (item.kind === 'body') lines.push(item.wrap(item.scope.render(locals)));
      else if (item.kind === 'effect') lines.push(item.render(item.args.map(textOf)));
      else if (item.node.local && item.node.uses > 0 && !item.node.inline) {
        locals.set(`$v${item.node.id}`, valueType(item.node));
        lines.push(`(local.set $v${item.node.id} ${expressionOf(item.node)})`);
      }
    }
    return lines.join('\n');
  }
}

function textOf(node: Node): string {
  return node.local && !node.inline ? `(local.get $v${node.id})` : expressionOf(node);
}

function expressionOf(node: Node): string {
  return node.render(node.args.map(textOf));
}

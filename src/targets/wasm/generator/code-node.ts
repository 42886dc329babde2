import type { LaneType } from '../../../lowering/expressions/lane-type.ts';

/**
 * A value of the code being generated: one number where narrow, a v128 of four lanes where wide. A mask is 0 or 1 where
 * narrow; where wide, no or all bits of its lane are set. Pure
 * values are shared (the same operation on the same arguments is one node) and are computed in the
 * outermost scope that has all their arguments.
 */
export type CodeNode = {
  readonly id: number;
  readonly type: LaneType;
  readonly wide: boolean;
  readonly scope: CodeScope;
  readonly args: readonly CodeNode[];
  /** The WAT of the operation, given that of its arguments. */
  readonly render: (args: readonly string[]) => string;
  /** Whether the value must be held in a local: to keep a load in order, or because it is used more than once. */
  local: boolean;
  /** Uses so far. */
  uses: number;
  /** Whether it is written at each use instead of held in a local: constants. */
  readonly inline?: boolean;
  /** The number, where it is known while generating. */
  readonly constant?: number;
};

type Item =
  | Readonly<{ kind: 'node'; node: CodeNode }>
  | Readonly<{ kind: 'effect'; args: readonly CodeNode[]; render: (args: readonly string[]) => string }>
  | Readonly<{ kind: 'body'; scope: CodeScope; wrap: (body: string) => string }>;

/** Locals of one function, by their types. */
export type Locals = Map<string, string>;

/**
 * The body of a function, a loop or a branch. Values and effects are in the order in which they were made;
 * a value that is used once, in its own scope, is written where it is used.
 */
export class CodeScope {
  readonly depth: number;
  readonly known = new Map<string, CodeNode>();
  private readonly items: Item[] = [];

  constructor(readonly parent: CodeScope | undefined) {
    this.depth = parent === undefined ? 0 : parent.depth + 1;
  }

  add(node: CodeNode): void {
    this.items.push({ kind: 'node', node });
  }

  effect(args: readonly CodeNode[], render: (args: readonly string[]) => string): void {
    for (const arg of args) this.use(arg);
    this.items.push({ kind: 'effect', args, render });
  }

  /** Appends a finished inner scope, after everything that was hoisted out of it. */
  close(scope: CodeScope, wrap: (body: string) => string): void {
    this.items.push({ kind: 'body', scope, wrap });
  }

  use(node: CodeNode): void {
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

function textOf(node: CodeNode): string {
  return node.local && !node.inline ? `(local.get $v${node.id})` : expressionOf(node);
}

function expressionOf(node: CodeNode): string {
  return node.render(node.args.map(textOf));
}

/** The WebAssembly type that a node's local has. */
function valueType(node: Readonly<{ type: LaneType; wide: boolean }>): string {
  if (node.wide) return 'v128';
  return node.type === 'f32' ? 'f32' : 'i32';
}

import type { CodeLanguage, CodeType, Local, Render } from './language.ts';

/**
 * A value of the code being generated: one number where narrow, a register of lanes where wide. Pure
 * values are shared (the same operation on the same arguments is one node) and are computed in the
 * outermost scope that has all their arguments.
 */
export type CodeNode = {
  readonly id: number;
  readonly type: CodeType;
  readonly wide: boolean;
  readonly scope: CodeScope;
  readonly args: readonly CodeNode[];
  /** The text of the operation, given that of its arguments. */
  readonly render: Render;
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
  | Readonly<{ kind: 'effect'; args: readonly CodeNode[]; render: Render }>
  | Readonly<{ kind: 'body'; scope: CodeScope; wrap: (body: string) => string }>;

/** Locals of one function, by their types. */
export type Locals = Map<string, Local>;

/**
 * The body of a function, a loop or a branch. Values and effects are in the order in which they were made;
 * a value that is used once, in its own scope, is written where it is used.
 */
export class CodeScope {
  readonly depth: number;
  readonly known = new Map<string, CodeNode>();
  /** Names of what was done once. */
  readonly done = new Set<string>();
  private readonly items: Item[] = [];

  constructor(readonly parent: CodeScope | undefined) {
    this.depth = parent === undefined ? 0 : parent.depth + 1;
  }

  add(node: CodeNode): void {
    this.items.push({ kind: 'node', node });
  }

  effect(args: readonly CodeNode[], render: Render): void {
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

  render(language: CodeLanguage, locals: Locals): string {
    const lines: string[] = [];
    const textOf = (node: CodeNode): string =>
      node.local && !node.inline ? language.read(nameOf(node)) : expressionOf(node);
    const expressionOf = (node: CodeNode): string => node.render(node.args.map(textOf));
    for (const item of this.items) {
      if (item.kind === 'body') lines.push(item.wrap(item.scope.render(language, locals)));
      else if (item.kind === 'effect') lines.push(item.render(item.args.map(textOf)));
      else if (item.node.local && item.node.uses > 0 && !item.node.inline) {
        locals.set(nameOf(item.node), item.node);
        lines.push(language.set([nameOf(item.node)], [expressionOf(item.node)]));
      }
    }
    return lines.join('\n');
  }
}

/** The local that holds a node's value. */
function nameOf({ id }: CodeNode): string {
  return `v${id}`;
}

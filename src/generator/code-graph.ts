import type { CodeNode } from './code-node.ts';
import { CodeScope, type Locals } from './code-node.ts';
import type { CodeLanguage, CodeType, Local, Render } from './language.ts';

type Made = Local &
  Readonly<{ args: readonly CodeNode[]; render: Render; constant?: number; inline?: boolean }>;

/** A mutable local: a loop's counter or a reduction's accumulator. */
export type Variable = Local & Readonly<{ name: string }>;

/** The code of one function under construction: its scopes, shared values and variables. */
export class CodeGraph {
  readonly root = new CodeScope(undefined);
  scope = this.root;
  private count = 0;
  private readonly variables: Locals = new Map();

  constructor(readonly language: CodeLanguage) {}

  /** A value without side effects, shared with equal ones and hoisted to the scope of its arguments. */
  pure(key: string, made: Made): CodeNode {
    let scope = this.root;
    for (const arg of made.args) if (arg.scope.depth > scope.depth) scope = arg.scope;
    const name = `${key}|${made.args.map((arg) => arg.id).join()}`;
    const known = scope.known.get(name);
    if (known !== undefined) return known;
    const node = this.make(scope, made);
    scope.known.set(name, node);
    return node;
  }

  /** A value that reads what may change: it keeps its place in program order. */
  ordered(made: Made): CodeNode {
    const node = this.make(this.scope, made);
    node.local = true;
    return node;
  }

  effect(args: readonly CodeNode[], render: Render): void {
    this.scope.effect(args, render);
  }

  /** Does what has this name, unless that was done in this scope. */
  once(name: string, work: () => void): void {
    const { done } = this.scope;
    if (!done.has(name)) work();
    done.add(name);
  }

  variable(type: CodeType, wide: boolean): Variable {
    const variable = { name: `m${this.count++}`, type, wide };
    this.variables.set(variable.name, variable);
    return variable;
  }

  /** The variable's value now. */
  get({ name, type, wide }: Variable): CodeNode {
    return this.make(this.scope, { type, wide, args: [], render: () => this.language.read(name) });
  }

  /** The same, in a local of its own: it may be used after the variable was set again. */
  held(variable: Variable): CodeNode {
    const node = this.get(variable);
    node.local = true;
    return node;
  }

  /** Sets several variables at once: every value is read before any is set. */
  set(variables: readonly Variable[], values: readonly CodeNode[]): void {
    const names = variables.map(({ name }) => name);
    this.effect(values, (texts) => this.language.set(names, texts));
  }

  /** Generates `body` in a scope of its own, which `wrap` turns into a loop or a branch. */
  inside(wrap: (body: string) => string, body: () => void): void {
    const outer = this.scope;
    const inner = new CodeScope(outer);
    this.scope = inner;
    body();
    this.scope = outer;
    outer.close(inner, wrap);
  }

  /** The declarations of the function's locals, and its body. */
  render(): string {
    const locals = new Map(this.variables);
    const body = this.root.render(this.language, locals);
    return `${this.language.declare(locals)}\n${body}`;
  }

  private make(scope: CodeScope, made: Made): CodeNode {
    const node: CodeNode = { id: this.count++, scope, local: false, uses: 0, ...made };
    for (const arg of made.args) scope.use(arg);
    scope.add(node);
    return node;
  }
}

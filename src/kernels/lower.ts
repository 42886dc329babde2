import { InputError } from '../../search-space/input-error.ts';
import type { Effect, Group, Node } from './graph.ts';
import type { Expression, Stage } from './ir.ts';

/** What the builder knows besides the graph. */
export type Program = Readonly<{
  effects: readonly Effect[];
  /** Names the author chose, by node id. */
  chosen: ReadonlyMap<number, string>;
  /** Names a stage may not take: dimensions and operands. */
  taken: Iterable<string>;
  /** Dimension names in loop order. */
  order: readonly string[];
}>;

/**
 * The stages of a program: what an effect needs, then the effect, in program order.
 * A node used more than once becomes a `map` stage; everything else stays inside a tree.
 */
export function lower(program: Program): Stage[] {
  const lowering = new Lowering(program);
  for (const [position, effect] of program.effects.entries()) {
    for (const load of loadsOverwritten(program.effects, position)) lowering.name(load);
    lowering.stages.push(effect.stage(effect.inputs.map((input) => lowering.expression(input))));
  }
  return lowering.stages;
}

/** The tree of a node inside a reduction's region, where nothing can be named. */
export function regionTree(node: Node): Expression {
  const { source } = node;
  if (source.kind === 'parameter') return { kind: 'value', name: source.name, dtype: node.dtype };
  if (source.kind === 'expression' && node.dims.size === 0) return source.tree(node.inputs.map(regionTree));
  throw new InputError('region', 'may use its two sides and constants only');
}

class Lowering {
  readonly stages: Stage[] = [];
  private readonly names = new Map<Node, string>();
  private readonly results = new Map<Group, readonly string[]>();
  private readonly uses: ReadonlyMap<Node, number>;
  private readonly chosen: ReadonlyMap<number, string>;
  private readonly order: readonly string[];
  private readonly taken: Set<string>;

  constructor(program: Program) {
    this.uses = countUses(program.effects);
    this.chosen = program.chosen;
    this.order = program.order;
    this.taken = new Set([...program.taken, ...program.chosen.values()]);
  }

  /** The node as it is written where it is used: a name, or its tree. */
  expression(node: Node): Expression {
    const { source, dtype } = node;
    if (source.kind === 'parameter') return { kind: 'value', name: source.name, dtype };
    if (source.kind === 'result') {
      return { kind: 'value', name: this.groupNames(source.group)[source.component], dtype };
    }
    const shared = !source.leaf && (this.uses.get(node) ?? 0) > 1;
    if (shared || this.chosen.has(node.id) || this.names.has(node))
      return { kind: 'value', name: this.name(node), dtype };
    return source.tree(node.inputs.map((input) => this.expression(input)));
  }

  /** The name of the map stage that computes an expression node, written on first use. */
  name(node: Node): string {
    const known = this.names.get(node);
    if (known !== undefined) return known;
    const { source } = node;
    if (source.kind !== 'expression') throw new TypeError(`a ${source.kind} has no map stage`);
    const value = source.tree(node.inputs.map((input) => this.expression(input)));
    const name = this.chosen.get(node.id) ?? this.unused(source.label);
    this.names.set(node, name);
    this.stages.push({ kind: 'map', name, dims: this.order.filter((dim) => node.dims.has(dim)), value });
    return name;
  }

  private groupNames(group: Group): readonly string[] {
    const known = this.results.get(group);
    if (known !== undefined) return known;
    const inputs = group.inputs.map((input) => this.expression(input));
    const names = group.labels.map((label, n) => this.chosen.get(group.firstId + n) ?? this.unused(label));
    this.results.set(group, names);
    this.stages.push(group.stage(names, inputs));
    return names;
  }

  private unused(label: string): string {
    for (let n = 0; ; n++) {
      const name = `${label}${n}`;
      if (!this.taken.has(name)) {
        this.taken.add(name);
        return name;
      }
    }
  }
}

/** How often each reachable node is used as an input, by expressions, reductions and effects. */
function countUses(effects: readonly Effect[]): Map<Node, number> {
  const uses = new Map<Node, number>();
  const visited = new Set<Node | Group>();
  const use = (node: Node): void => {
    uses.set(node, (uses.get(node) ?? 0) + 1);
    if (visited.has(node)) return;
    visited.add(node);
    const owner = node.source.kind === 'result' ? node.source.group : node;
    if (owner !== node && visited.has(owner)) return;
    visited.add(owner);
    owner.inputs.forEach(use);
  };
  for (const effect of effects) effect.inputs.forEach(use);
  return uses;
}

/**
 * Loads of the operand that the effect at `position` overwrites, made before it but used after it:
 * they must be read before the store.
 */
function loadsOverwritten(effects: readonly Effect[], position: number): Node[] {
  const { operand, before } = effects[position];
  const found = new Set<Node>();
  const visited = new Set<Node>();
  const visit = (node: Node): void => {
    if (visited.has(node)) return;
    visited.add(node);
    if (node.source.kind === 'expression' && node.source.loads === operand && node.id < before)
      found.add(node);
    const inputs = node.source.kind === 'result' ? node.source.group.inputs : node.inputs;
    inputs.forEach(visit);
  };
  for (const later of effects.slice(position + 1)) later.inputs.forEach(visit);
  return [...found];
}

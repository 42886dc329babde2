import type { Expression, Stage } from './ir.ts';
import { loadsOverwritten, nodesToName, reachableNodes } from './survey.ts';
import type { Effect, ReductionGroup, ValueNode } from './value-graph.ts';

/** What stages are written from: the builder's effects, and the names that it gave. */
type StageInput = Readonly<{
  effects: readonly Effect[];
  /** Names that the author gave with `let`, by node id. */
  chosen: ReadonlyMap<number, string>;
  /** Names that no stage may take: those of dimensions and operands. */
  taken: Iterable<string>;
  /** Dimension names in loop order. */
  order: readonly string[];
}>;

/**
 * The stages of a kernel: those that an effect needs, then the effect, in program order.
 * A node used more than once becomes a `map` stage; every other one stays inside a tree.
 */
export function writeStages(input: StageInput): readonly Stage[] {
  const writer = new StageWriter(input);
  for (const [position, effect] of input.effects.entries()) {
    for (const node of reachableNodes(effect.inputs)) writer.settle(node);
    for (const load of loadsOverwritten(input.effects, position)) writer.name(load);
    writer.stages.push(effect.stage(effect.inputs.map((input) => writer.expression(input))));
  }
  return writer.stages;
}

class StageWriter {
  readonly stages: Stage[] = [];
  private readonly names = new Map<ValueNode, string>();
  private readonly results = new Map<ReductionGroup, readonly string[]>();
  private readonly toName: ReadonlySet<ValueNode>;
  private readonly chosen: ReadonlyMap<number, string>;
  private readonly order: readonly string[];
  private readonly taken: Set<string>;

  constructor({ effects, chosen, order, taken }: StageInput) {
    this.toName = nodesToName(effects);
    this.chosen = chosen;
    this.order = order;
    this.taken = new Set([...taken, ...chosen.values()]);
  }

  /** Writes the stage of a node that has one of its own. */
  settle(node: ValueNode): void {
    if (node.source.kind === 'result') this.reduce(node.source.group);
    else if (this.toName.has(node) || this.chosen.has(node.id)) this.name(node);
  }

  /** The node as it is written where it is used: a name, or its tree. */
  expression(node: ValueNode): Expression {
    const { source, dtype } = node;
    if (source.kind === 'result') {
      return { kind: 'value', name: this.reduce(source.group)[source.component], dtype };
    }
    const name = source.kind === 'parameter' ? source.name : this.names.get(node);
    if (name !== undefined) return { kind: 'value', name, dtype };
    return this.tree(node);
  }

  /** The name of the map stage that computes an expression node, written on first use. */
  name(node: ValueNode): string {
    const known = this.names.get(node);
    if (known !== undefined) return known;
    const value = this.tree(node);
    const label = node.source.kind === 'expression' ? node.source.label : node.source.kind;
    const name = this.chosen.get(node.id) ?? this.unused(label);
    this.names.set(node, name);
    this.stages.push({ kind: 'map', name, dims: this.order.filter((dim) => node.dims.has(dim)), value });
    return name;
  }

  /** The names of a reduction's components, its stage written on first use. */
  private reduce(group: ReductionGroup): readonly string[] {
    const known = this.results.get(group);
    if (known !== undefined) return known;
    const inputs = group.inputs.map((input) => this.expression(input));
    const names = group.labels.map((label, n) => this.chosen.get(group.firstId + n) ?? this.unused(label));
    this.results.set(group, names);
    this.stages.push(group.stage(names, inputs));
    return names;
  }

  private tree(node: ValueNode): Expression {
    if (node.source.kind !== 'expression') throw new TypeError(`a ${node.source.kind} is no tree`);
    return node.source.tree(node.inputs.map((input) => this.expression(input)));
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

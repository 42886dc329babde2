import { required } from './lookup.ts';
import type { Effect, ReductionGroup, ValueNode } from './value-graph.ts';

/** A deeper tree is cut into stages, so that code which recurses over the IR never overflows the stack. */
const DEEPEST = 48;

/** Every node that the roots depend on, inputs before their users. */
export function reachableNodes(roots: readonly ValueNode[]): readonly ValueNode[] {
  const seen = new Set<ValueNode>();
  const open = [...roots];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    open.push(...node.inputs);
  }
  return [...seen].sort((a, b) => a.id - b.id);
}

/** The expression nodes that need a map stage: used more than once, or the top of a deep tree. */
export function nodesToName(effects: readonly Effect[]): ReadonlySet<ValueNode> {
  const nodes = reachableNodes(effects.flatMap((effect) => effect.inputs));
  const uses = countUses(nodes, effects);
  const reloads = loadsToRepeat(nodes, effects);
  const depths = new Map<ValueNode, number>();
  const named = new Set<ValueNode>();
  for (const node of nodes) {
    const depth = 1 + Math.max(0, ...node.inputs.map((input) => required(depths, input)));
    const nameable = node.source.kind === 'expression' && !node.source.leaf && !reloads.has(node);
    if (nameable && (required(uses, node) > 1 || depth > DEEPEST)) named.add(node);
    depths.set(node, named.has(node) || node.source.kind === 'result' ? 0 : depth);
  }
  return named;
}

/**
 * Loads that are repeated rather than kept in a stage, because a loop that they do not depend on lies
 * around them (a row of a table inside the loop over heads): a stage would be a copy of the table.
 */
function loadsToRepeat(nodes: readonly ValueNode[], effects: readonly Effect[]): ReadonlySet<ValueNode> {
  const users = new Map<ValueNode, Set<readonly string[]>>(nodes.map((node) => [node, new Set()]));
  for (const { inputs, loops } of effects) for (const input of inputs) required(users, input).add(loops);
  for (const node of nodes.toReversed()) {
    const around = node.source.kind === 'result' ? [node.source.group.loops] : required(users, node);
    for (const input of node.inputs) for (const loops of around) required(users, input).add(loops);
  }
  const outermost = (node: ValueNode, loops: readonly string[]): boolean =>
    loops.slice(0, node.dims.size).every((name) => node.dims.has(name));
  return new Set(
    nodes.filter(
      (node) =>
        node.source.kind === 'expression' &&
        node.source.repeatable === true &&
        ![...required(users, node)].every((loops) => outermost(node, loops)),
    ),
  );
}

/** How often each node is an input of an expression, a reduction (all its components count once) or an effect. */
function countUses(nodes: readonly ValueNode[], effects: readonly Effect[]): ReadonlyMap<ValueNode, number> {
  const uses = new Map<ValueNode, number>();
  const count = (input: ValueNode): void => {
    uses.set(input, (uses.get(input) ?? 0) + 1);
  };
  const owners = new Set<ValueNode | ReductionGroup>();
  for (const node of nodes) owners.add(node.source.kind === 'result' ? node.source.group : node);
  for (const owner of owners) owner.inputs.forEach(count);
  for (const effect of effects) effect.inputs.forEach(count);
  return uses;
}

/**
 * Loads of the operand that the effect at `position` overwrites which were made before it and are used
 * after it: they must be read before the store.
 */
export function loadsOverwritten(effects: readonly Effect[], position: number): readonly ValueNode[] {
  const { operand, before } = effects[position];
  const later = reachableNodes(effects.slice(position + 1).flatMap((effect) => effect.inputs));
  return later.filter(
    ({ id, source }) => id < before && source.kind === 'expression' && source.loads === operand,
  );
}

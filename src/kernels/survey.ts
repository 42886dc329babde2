import type { Effect, Group, Node } from './graph.ts';

/** A tree deeper than this is cut into stages, so that no reader of the IR recurses without end. */
const DEEPEST = 48;

/** Every node that the roots need, inputs before their users. */
export function reachable(roots: readonly Node[]): readonly Node[] {
  const seen = new Set<Node>();
  const open = [...roots];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    open.push(...node.inputs);
  }
  return [...seen].sort((a, b) => a.id - b.id);
}

/** The expression nodes that need a map stage: used more than once, or the top of a deep tree. */
export function nodesToName(effects: readonly Effect[]): ReadonlySet<Node> {
  const nodes = reachable(effects.flatMap((effect) => effect.inputs));
  const uses = countUses(nodes, effects);
  const reloads = loadsToRepeat(nodes, effects);
  const depths = new Map<Node, number>();
  const named = new Set<Node>();
  for (const node of nodes) {
    const depth = 1 + Math.max(0, ...node.inputs.map((input) => depths.get(input)!));
    const nameable = node.source.kind === 'expression' && !node.source.leaf && !reloads.has(node);
    if (nameable && (uses.get(node)! > 1 || depth > DEEPEST)) named.add(node);
    depths.set(node, named.has(node) || node.source.kind === 'result' ? 0 : depth);
  }
  return named;
}

/**
 * Loads that are not worth a stage, because a loop that they do not depend on lies around them
 * (a table's row inside the loop over heads): kept, they would be a copy of the table.
 */
function loadsToRepeat(nodes: readonly Node[], effects: readonly Effect[]): ReadonlySet<Node> {
  const users = new Map<Node, Set<readonly string[]>>(nodes.map((node) => [node, new Set()]));
  for (const { inputs, loops } of effects) for (const input of inputs) users.get(input)!.add(loops);
  for (const node of nodes.toReversed()) {
    const around = node.source.kind === 'result' ? [node.source.group.loops] : users.get(node)!;
    for (const input of node.inputs) for (const loops of around) users.get(input)!.add(loops);
  }
  const outermost = (node: Node, loops: readonly string[]): boolean =>
    loops.slice(0, node.dims.size).every((name) => node.dims.has(name));
  return new Set(
    nodes.filter(
      (node) =>
        node.source.kind === 'expression' &&
        node.source.repeatable === true &&
        ![...users.get(node)!].every((loops) => outermost(node, loops)),
    ),
  );
}

/** How often each node is an input, of expressions, reductions (once for all components) and effects. */
function countUses(nodes: readonly Node[], effects: readonly Effect[]): ReadonlyMap<Node, number> {
  const uses = new Map<Node, number>();
  const count = (input: Node): void => {
    uses.set(input, (uses.get(input) ?? 0) + 1);
  };
  const owners = new Set<Node | Group>();
  for (const node of nodes) owners.add(node.source.kind === 'result' ? node.source.group : node);
  for (const owner of owners) owner.inputs.forEach(count);
  for (const effect of effects) effect.inputs.forEach(count);
  return uses;
}

/**
 * Loads of the operand that the effect at `position` overwrites, made before it but used after it:
 * they must be read before the store.
 */
export function loadsOverwritten(effects: readonly Effect[], position: number): readonly Node[] {
  const { operand, before } = effects[position];
  const later = reachable(effects.slice(position + 1).flatMap((effect) => effect.inputs));
  return later.filter(
    ({ id, source }) => id < before && source.kind === 'expression' && source.loads === operand,
  );
}

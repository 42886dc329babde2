import { InputError } from '../../search-space/input-error.ts';
import type { Expression } from './ir.ts';
import { required } from './lookup.ts';
import { reachableNodes } from './survey.ts';
import type { ValueNode } from './value-graph.ts';

/** A region is a tree without names, so shared parts are written out each time: up to this many nodes. */
const LARGEST = 2000;

/**
 * The tree of a result of a reduction's region.
 * Throws InputError where it uses anything but the region's two sides and constants, or grows too large.
 */
export function regionTree(result: ValueNode): Expression {
  const sizes = new Map<ValueNode, number>();
  for (const node of reachableNodes([result])) {
    const size = node.inputs.reduce((sum, input) => sum + required(sizes, input), 1);
    if (size > LARGEST)
      throw new InputError('region', `has more than ${LARGEST} operations when written out`);
    sizes.set(node, size);
  }
  return write(result);
}

function write(node: ValueNode): Expression {
  const { source } = node;
  if (source.kind === 'parameter') return { kind: 'value', name: source.name, dtype: node.dtype };
  if (source.kind === 'expression' && node.dims.size === 0 && source.loads === undefined) {
    return source.tree(node.inputs.map(write));
  }
  throw new InputError('region', 'may use its two sides and constants only');
}

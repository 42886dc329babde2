import type { Extents } from '../lowering/lowered-kernel.ts';
import type { CodeNode } from './code-node.ts';
import type { Lanes } from './lanes.ts';
import { divideByConstant, type LoopCounters } from './memory-access.ts';

/** The index of each of `dims` (outermost first) at the point with a row-major number. */
export function unflatten(
  l: Lanes,
  dims: readonly string[],
  extents: Extents,
  number: CodeNode,
): LoopCounters {
  const index = new Map<string, CodeNode>();
  let rest = number;
  for (const name of dims.slice(1).toReversed()) {
    const extent = extents[name];
    index.set(name, divideByConstant(l, 'rem_u', rest, extent));
    rest = divideByConstant(l, 'div_u', rest, extent);
  }
  const [outermost] = dims;
  return outermost === undefined ? index : index.set(outermost, rest);
}

import { rowLoops } from '../lowering/lowered-kernel.ts';
import { forEach, inBlocks, type LoopBound } from './loop.ts';
import { RowCode, type RowEnvironment } from './row-code.ts';
import { unflatten } from './unflatten.ts';

/** Code for the rows from `begin` to `end` (elements of the vectorized dimension where threads share that). */
export function rowsCode(env: RowEnvironment, begin: LoopBound, end: LoopBound): void {
  const { lanes: l, lowered, block } = env;
  const { lanesAcross: vector, extents } = lowered;
  const rows = rowLoops(lowered);
  if (vector !== undefined && rows.length === 0) {
    inBlocks(l, { begin, end }, block, (counter, kind) =>
      new RowCode(env, { dim: vector, block: kind }).nests(new Map([[vector, counter]])),
    );
    return;
  }
  forEach(l, { begin, end }, (row) => {
    const index = unflatten(l, rows, extents, row);
    if (vector === undefined) new RowCode(env, undefined).nests(index);
    else {
      inBlocks(l, { begin: 0, end: extents[vector] }, block, (counter, kind) =>
        new RowCode(env, { dim: vector, block: kind }).nests(new Map([...index, [vector, counter]])),
      );
    }
  });
}

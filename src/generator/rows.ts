import { rowLoops } from '../lowering/lowered-kernel.ts';
import type { CodeNode } from './code-node.ts';
import { forEach, inBlocks, type LoopBound } from './loop.ts';
import type { LoopCounters } from './memory-access.ts';
import { isPipelinable, pipelinedRows } from './pipelined-rows.ts';
import { RowCode } from './row-code.ts';
import type { RowEnvironment } from './row-environment.ts';
import { unflatten } from './unflatten.ts';

/**
 * Code for the rows from `begin` to `end` (elements of the vectorized dimension where threads share that); `pipelined`
 * where rows can be.
 */
export function rowsCode(env: RowEnvironment, begin: LoopBound, end: LoopBound, pipelined: boolean): void {
  const { lanes: l, lowered } = env;
  const { lanesAcross: vector, extents } = lowered;
  const rows = rowLoops(lowered);
  if (vector !== undefined && rows.length === 0) {
    // Threads cut the range anywhere, and what is fused in a register may not be so in a scalar.
    const overlaps = env.overlaps && !l.fused;
    across({ ...env, overlaps }, vector, begin, end, new Map());
  } else {
    const at = (row: CodeNode): LoopCounters => unflatten(l, rows, extents, row);
    if (pipelined && isPipelinable(lowered)) pipelinedRows(env, begin, end, at);
    else forEach(l, { begin, end }, (row) => rowCode(env, at(row)));
  }
}

/** Code for all rows, in loops of their own: of rows that are not numbered, none is divided. */
export function allRowsCode(env: RowEnvironment): void {
  const inside = ([loop, ...inner]: readonly string[], index: LoopCounters): void => {
    if (loop === undefined) rowCode(env, index);
    else {
      const range = { begin: 0, end: env.sizes.extent(loop) };
      forEach(env.lanes, range, (counter) => inside(inner, new Map([...index, [loop, counter]])));
    }
  };
  inside(rowLoops(env.lowered), new Map());
}

function rowCode(env: RowEnvironment, index: LoopCounters): void {
  const { lanesAcross: vector } = env.lowered;
  if (vector === undefined) new RowCode(env, undefined).nests(index);
  else across(env, vector, 0, env.sizes.extent(vector), index);
}

function across(
  env: RowEnvironment,
  dim: string,
  begin: LoopBound,
  end: LoopBound,
  index: LoopCounters,
): void {
  inBlocks(
    env.lanes,
    { begin, end },
    env.block,
    (counter, block) => new RowCode(env, { dim, block }).nests(new Map([...index, [dim, counter]])),
    env.overlaps ? 'overlapping' : 'elements',
  );
}

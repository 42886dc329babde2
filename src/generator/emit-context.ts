import type { Expression } from '../kernels/ir.ts';
import { required } from '../kernels/lookup.ts';
import { arithmetic } from '../lowering/expressions/arithmetic.ts';
import { type ExpressionContext, expand } from '../lowering/expressions/expand.ts';
import { hasFloatLanes } from '../lowering/expressions/lane-type.ts';
import { unsupported } from '../lowering/expressions/unsupported.ts';
import type { CodeNode } from './code-node.ts';
import type { Lanes } from './lanes.ts';
import { emitLoad, type MemoryRegion, type Position, timesConstant } from './memory-access.ts';

/** What the code of an expression depends on: where it is computed, and what its names stand for. */
export type EmitContext = ExpressionContext<CodeNode> & Readonly<{ lanes: Lanes; position: Position }>;

type Load = Extract<Expression, { kind: 'load' }>;

type Surroundings = Pick<EmitContext, 'lanes' | 'position' | 'value' | 'definition'> &
  Readonly<{
    regions: ReadonlyMap<string, MemoryRegion>;
    readable: Readable;
  }>;

/** Whether a masked load may read even where its mask is false: in memory, if not in the operand. */
export type Readable = (load: Load) => boolean;

export function emitContext({ regions, readable, ...about }: Surroundings): EmitContext {
  const { lanes, position } = about;
  const context: EmitContext = {
    ...about,
    index: (expression) => indexOf(expression, lanes, position),
    load: (load) => {
      const { when, otherwise = 0, dtype, operand, at } = load;
      const region = required(regions, operand);
      if (when === undefined) return emitLoad(lanes, region, at, position);
      if (!readable(load)) throw unsupported(`a masked load of '${operand}' far outside it`);
      const value = emitLoad(lanes, region, at, position);
      const outside = arithmetic.constant(lanes, otherwise, dtype);
      return lanes.select(expand(when, context), value, outside);
    },
  };
  return context;
}

function indexOf(
  { at, dtype }: Extract<Expression, { kind: 'index' }>,
  l: Lanes,
  { index, vector }: Position,
): CodeNode {
  const step = vector === undefined ? 0 : (at.strides[vector.dim] ?? 0);
  const start = l.i32(at.offset + (vector?.ahead ?? 0) * step);
  const first = Object.entries(at.strides)
    .filter(([, stride]) => stride !== 0)
    .map(([dim, stride]) => timesConstant(l, required(index, dim), stride))
    .reduce((sum, term) => l.do('iadd', sum, term), start);
  const number = l.integer(first);
  const whole = vector?.wide && step !== 0 ? l.do('iadd', number, l.iota(step)) : number;
  return hasFloatLanes(dtype) ? l.do('toFloat', whole) : whole;
}

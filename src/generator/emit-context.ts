import type { DType, Expression } from '../kernels/ir.ts';
import { required } from '../kernels/lookup.ts';
import { arithmetic } from '../lowering/expressions/arithmetic.ts';
import { type ExpressionContext, expand } from '../lowering/expressions/expand.ts';
import { hasFloatLanes } from '../lowering/expressions/lane-type.ts';
import { unsupported } from '../lowering/expressions/unsupported.ts';
import type { CodeNode } from './code-node.ts';
import type { Lanes } from './lanes.ts';
import { emitLoad, type MemoryRegion, type Position, plus, times } from './memory-access.ts';
import type { Size, SizedMap, Sizes } from './sizes.ts';

/** What the code of an expression depends on: where it is computed, and what its names stand for. */
export type EmitContext = ExpressionContext<CodeNode> & Readonly<{ lanes: Lanes; position: Position }>;

type Load = Extract<Expression, { kind: 'load' }>;

type Surroundings = Pick<EmitContext, 'lanes' | 'position' | 'value' | 'definition'> &
  Readonly<{
    regions: ReadonlyMap<string, MemoryRegion>;
    readable: Readable;
    sizes: Sizes;
  }>;

/** Whether a masked load may read even where its mask is false: in memory, if not in the operand. */
export type Readable = (load: Load) => boolean;

export function emitContext({ regions, readable, sizes, ...about }: Surroundings): EmitContext {
  const { lanes, position } = about;
  const context: EmitContext = {
    ...about,
    index: ({ at, dtype }) => indexOf(sizes.map(at), dtype, lanes, position),
    load: (load) => {
      const { when, otherwise = 0, dtype, operand } = load;
      const at = sizes.map(load.at);
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

function indexOf(at: SizedMap, dtype: DType, l: Lanes, { index, vector }: Position): CodeNode {
  const step = vector === undefined ? 0 : (at.strides[vector.dim] ?? 0);
  const ahead = vector?.ahead ?? 0;
  const start =
    typeof at.offset === 'number' && typeof step === 'number'
      ? l.i32(at.offset + ahead * step)
      : plus(l, times(l, l.i32(ahead), step), at.offset);
  const first = Object.entries(at.strides)
    .filter(([, stride]) => stride !== 0)
    .map(([dim, stride]) => times(l, required(index, dim), stride))
    .reduce((sum, term) => l.do('iadd', sum, term), start);
  const number = l.integer(first);
  const whole = vector?.wide && step !== 0 ? l.do('iadd', number, perLane(l, step)) : number;
  return hasFloatLanes(dtype) ? l.do('toFloat', whole) : whole;
}

/** 0, 1, 2 … times the step, a lane each. */
function perLane(l: Lanes, step: Size): CodeNode {
  return typeof step === 'number' ? l.iota(step) : l.do('imul', l.iota(1), l.integer(step));
}

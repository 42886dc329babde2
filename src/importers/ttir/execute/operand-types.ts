import type { DType } from '../../../kernels/ir.ts';
import { isWhole } from '../symbols/pool.ts';
import type { Operation } from '../syntax/ast.ts';
import { type Context, refuse } from './context.ts';

type Family = 'float' | 'integer';

/** Operations whose operands all have one type of a family; what is in no line checks its own. */
const FAMILIES: readonly (readonly [RegExp, Family])[] = [
  [/^arith\.(add|sub|mul|div|rem|neg|cmp|max|maxnum|maximum|min|minnum|minimum)f$/, 'float'],
  [/^arith\.(extf|truncf|fptosi|fptoui)$/, 'float'],
  [/^math\.(?!absi$|fpowi$)/, 'float'],
  [/^tt\.(precise_divf|precise_sqrt|clampf)$/, 'float'],
  [
    /^arith\.(addi|subi|muli|((floor|ceil)?div|rem|max|min)[su]i|shli|shr[su]i|andi|ori|xori|cmpi)$/,
    'integer',
  ],
  [/^arith\.(extsi|extui|trunci|index_cast|sitofp|uitofp)$/, 'integer'],
  [/^math\.absi$/, 'integer'],
];
/** Operands that are truth values, by position. */
const CONDITIONS: Readonly<Record<string, number>> = {
  'arith.select': 0,
  'tt.load': 1,
  'tt.store': 2,
};

/**
 * Throws `InputError` where an operation has operands that TTIR's rules forbid. Names that are not
 * defined and pointers are for the operation itself to refuse.
 */
export function requireOperandTypes(context: Context, op: Operation): void {
  const dtypes = op.operands.map((name) => {
    const value = context.values.get(name);
    return value?.kind === 'data' ? value.node.dtype : undefined;
  });
  const condition = dtypes[CONDITIONS[op.name] ?? dtypes.length];
  if (condition !== undefined && condition !== 'bool') {
    throw refuse(context, op, `takes a condition of i1, got ${condition}`);
  }
  const family = FAMILIES.find(([pattern]) => pattern.test(op.name))?.[1];
  const known = dtypes.filter((dtype) => dtype !== undefined);
  if (family === undefined || known.every((dtype) => dtype === known[0] && familyOf(dtype) === family))
    return;
  const wanted = op.operands.length > 1 ? `operands of one ${family} type` : `an operand of ${family} type`;
  throw refuse(context, op, `takes ${wanted}, got ${known.map(ttirName).join(' and ')}`);
}

function familyOf(dtype: DType): Family {
  return dtype === 'bool' || isWhole(dtype) ? 'integer' : 'float';
}

function ttirName(dtype: DType): string {
  return dtype === 'bool' ? 'i1' : dtype;
}

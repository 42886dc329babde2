import type { Node } from '../symbols/node.ts';
import { dependsOn } from '../symbols/probe.ts';
import { numbersOnly } from './functions.ts';
import { elementwise, type Handler } from './per-element.ts';

/** The larger or smaller number; a NaN only where both are. What accumulates is a reduction. */
export const ofNumbers = (op: 'max' | 'min'): Handler =>
  elementwise(2, ([left, right], operation, context) => {
    const { pool } = context;
    if (!dependsOn([left, right], ACCUMULATED)) return numbersOnly(pool, op, left, right);
    context.notes.add(
      `${operation.name} in line ${operation.line} reduces: a NaN among its numbers gives NaN here, Triton leaves it out`,
    );
    return pool.binary(op, left, right);
  });

/** What a loop or a region carries from one element to the next. */
const ACCUMULATED = ({ form }: Node): boolean => form.kind === 'state' || form.kind === 'parameter';

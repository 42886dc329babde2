import { z } from 'zod';
import { COMBINE } from './combine.ts';
import { BYTES, type Combine, type Expression, type Kernel, type Stage } from './ir.ts';
import { BINARY_OPS } from './ops/binary.ts';
import { COMPARE_OPS } from './ops/compare.ts';
import { tableNames } from './ops/table-names.ts';
import { UNARY_OPS } from './ops/unary.ts';

/** The IR as it is stored; see ir.ts for the meaning. */
const dtype = z.enum(tableNames(BYTES));
const name = z.string().min(1);
const names = z.array(name);
const at = z.strictObject({ offset: z.int(), strides: z.record(z.string(), z.int()) });
const number = z.union([
  z.number(),
  z.enum(['NaN', 'Infinity', '-Infinity', '-0']).transform((word) => Number(word)),
]);

const unaryOp = z.enum(tableNames(UNARY_OPS));
const binaryOp = z.enum(tableNames(BINARY_OPS));
const compareOp = z.enum(tableNames(COMPARE_OPS));

const expression: z.ZodType<Expression> = z.lazy(() =>
  z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('constant'), value: number, dtype }),
    z.strictObject({
      kind: z.literal('load'),
      operand: name,
      at,
      dtype,
      when: expression.exactOptional(),
      otherwise: number.exactOptional(),
    }),
    z.strictObject({ kind: z.literal('value'), name, dtype }),
    z.strictObject({ kind: z.literal('index'), at, dtype }),
    z.strictObject({ kind: z.literal('unary'), op: unaryOp, operand: expression, dtype }),
    z.strictObject({ kind: z.literal('binary'), op: binaryOp, left: expression, right: expression, dtype }),
    z.strictObject({
      kind: z.literal('compare'),
      op: compareOp,
      left: expression,
      right: expression,
      dtype: z.literal('bool'),
    }),
    z.strictObject({
      kind: z.literal('select'),
      condition: expression,
      // biome-ignore lint/suspicious/noThenProperty: the IR's word; nobody awaits an expression
      then: expression,
      otherwise: expression,
      dtype,
    }),
    z.strictObject({ kind: z.literal('cast'), operand: expression, dtype }),
  ]),
);

const combine: z.ZodType<Combine> = z.union([
  z.strictObject({ kind: z.enum(tableNames(COMBINE)) }),
  z.strictObject({
    kind: z.literal('region'),
    left: names,
    right: names,
    results: z.array(expression),
    identity: z.array(number),
  }),
]);

const stage: z.ZodType<Stage> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('map'), name, dims: names, value: expression }),
  z.strictObject({
    kind: z.literal('reduce'),
    names,
    dims: names,
    over: names,
    combine,
    values: z.array(expression),
  }),
  z.strictObject({
    kind: z.literal('contract'),
    name,
    dims: names,
    over: names,
    left: expression,
    right: expression,
    dtype,
  }),
  z.strictObject({
    kind: z.literal('store'),
    operand: name,
    at,
    dims: names,
    value: expression,
    when: expression.exactOptional(),
  }),
]);

export const kernelSchema: z.ZodType<Kernel> = z.strictObject({
  name,
  shape: z.array(z.int()),
  dtype,
  dimensions: z.array(z.strictObject({ name, extent: z.int(), kind: z.enum(['parallel', 'reduction']) })),
  operands: z.array(
    z.strictObject({ name, role: z.enum(['input', 'output', 'inout']), dtype, elements: z.int() }),
  ),
  stages: z.array(stage),
});

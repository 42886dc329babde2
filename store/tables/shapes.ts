import { z } from 'zod';
import type { ConstraintExpression } from '../../search-space/constraint.ts';
import { MECHANISMS, type Value } from '../../search-space/parameter.ts';
import type { SpaceDefinition } from '../../search-space/space-definition.ts';
import type { Comparison } from '../comparison.ts';
import type { Budget, JsonObject } from '../records.ts';

/** The schemas of JSON columns. */

const value = z.union([z.number(), z.string(), z.boolean()]);
/** Checked by one function, not a schema for each value: there may be 100,000. */
const values = z.custom<readonly Value[]>(
  (data) => Array.isArray(data) && data.every((one) => ['number', 'string', 'boolean'].includes(typeof one)),
  'not a list of values',
);
export const configuration = z.record(z.string(), value).readonly();
export const features = z.record(z.string(), z.number()).readonly();
export const environment = z.record(z.string(), value).readonly();
/** Parsed JSON, whose contents need no check; that would take longer than parsing. */
export const jsonObject: z.ZodType<JsonObject> = z.custom<JsonObject>(
  (read) => typeof read === 'object' && read !== null && !Array.isArray(read),
);

export const budget: z.ZodType<Budget> = z
  .strictObject({
    trials: z.number().exactOptional(),
    forMs: z.number().exactOptional(),
    until: z.number().exactOptional(),
    stall: z.strictObject({ gain: z.number(), trials: z.number() }).exactOptional(),
  })
  .readonly();

const compareOperator = z.enum(['<', '<=', '>', '>=', '==', '!=', 'in', 'not in']);
const expression: z.ZodType<ConstraintExpression> = z.lazy(() =>
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('constant'), value }),
    z.object({ kind: z.literal('list'), items: z.array(expression) }),
    z.object({ kind: z.literal('name'), name: z.string() }),
    z.object({ kind: z.literal('unary'), op: z.enum(['-', '+', 'not']), operand: expression }),
    z.object({
      kind: z.literal('binary'),
      op: z.enum(['+', '-', '*', '/', '//', '%', '**']),
      left: expression,
      right: expression,
    }),
    z.object({
      kind: z.literal('compare'),
      first: expression,
      rest: z.array(z.object({ op: compareOperator, operand: expression })),
    }),
    z.object({ kind: z.enum(['and', 'or']), operands: z.array(expression) }),
    z.object({
      kind: z.literal('call'),
      name: z.enum(['min', 'max', 'abs']),
      arguments: z.array(expression),
    }),
  ]),
);

const parameter = z.object({
  name: z.string(),
  kind: z.enum(['ordinal', 'categorical', 'flag']),
  tag: z.enum(['vec', 'mt', 'db', 'schedule']),
  values,
  off: value.exactOptional(),
  serves: z.object({ mechanism: z.enum(['vec', 'mt', 'db']), values: z.array(value) }).exactOptional(),
  apart: z.string().exactOptional(),
  description: z.string().exactOptional(),
});

export const spaceDefinition: z.ZodType<SpaceDefinition> = z
  .object({
    parameters: z.array(parameter),
    constraints: z.array(
      z.object({ expression, sentence: z.string(), gates: z.enum(MECHANISMS).exactOptional() }),
    ),
  })
  .readonly();

export const comparison: z.ZodType<Comparison> = z
  .object({
    kind: z.enum(['sampled', 'ensemble']),
    variants: z.array(z.object({ label: z.string(), configuration })),
    roundsUs: z.array(z.array(z.number().nullable())),
    roundsByProcess: z.array(z.number()).exactOptional(),
    isCut: z.boolean().exactOptional(),
    metrics: z.array(z.record(z.string(), z.number()).nullable()).exactOptional(),
    comparedAt: z.number(),
    environment,
  })
  .readonly();

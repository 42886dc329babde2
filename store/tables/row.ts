import { z } from 'zod';
import type { Database } from '../sqlite-database.ts';
import { storeError } from '../store-error.ts';

/** Parses a row of the file. Throws StoreError 'corrupt' if it does not fit the schema. */
export function parseRow<T>(database: Database, schema: z.ZodType<T>, row: unknown): T {
  const parsed = schema.safeParse(row);
  if (!parsed.success) throw storeError('corrupt', database.location, parsed.error);
  return parsed.data;
}

export function findRow<T>(database: Database, schema: z.ZodType<T>, row: unknown): T | undefined {
  return row === undefined ? undefined : parseRow(database, schema, row);
}

export function parseRows<T>(
  database: Database,
  schema: z.ZodType<T>,
  rows: readonly unknown[],
): readonly T[] {
  return rows.map((row) => parseRow(database, schema, row));
}

/** A text column that holds JSON of a given schema. */
export function jsonText<T>(schema: z.ZodType<T>): z.ZodType<T> {
  return z
    .string()
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        context.addIssue('not JSON');
        return z.NEVER;
      }
    })
    .pipe(schema);
}

/** The most characters of cached texts. */
const MOST_REMEMBERED = 8_000_000;

/**
 * A `jsonText` that caches the data of the latest texts, for a long immutable column that is read with every
 * row.
 */
export function rememberedJson<T>(schema: z.ZodType<T>): z.ZodType<T> {
  const known = new Map<string, T>();
  let characters = 0;
  const remember = (text: string, data: T): void => {
    known.set(text, data);
    characters += text.length;
    for (const [oldest] of known) {
      if (characters <= MOST_REMEMBERED) break;
      known.delete(oldest);
      characters -= oldest.length;
    }
  };
  const parsed = jsonText(schema);
  return z.string().transform((text, context): T => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const result = parsed.safeParse(text);
    if (!result.success) {
      context.addIssue(result.error.issues[0].message);
      return z.NEVER;
    }
    remember(text, result.data);
    return result.data;
  });
}

/** A `WHERE` clause over the conditions that are given; empty without any. */
export function whereAll(conditions: readonly (string | false | undefined)[]): string {
  const asked = conditions.filter((condition) => typeof condition === 'string');
  return asked.length === 0 ? '' : `WHERE ${asked.join(' AND ')}`;
}

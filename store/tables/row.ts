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

/** The same for texts that many rows share: what was read of the latest is kept, and shared, too. */
export function sharedJsonText<T>(schema: z.ZodType<T>, most: number): z.ZodType<T> {
  const kept = new Map<string, T>();
  const single = jsonText(schema);
  return z.string().transform((text, context): T => {
    const known = kept.get(text);
    if (known !== undefined) return known;
    const read = single.safeParse(text);
    if (!read.success) {
      context.addIssue(z.prettifyError(read.error));
      return z.NEVER;
    }
    if (kept.size === most) kept.clear();
    kept.set(text, read.data);
    return read.data;
  });
}

/** A `WHERE` clause over the conditions that are given; empty without any. */
export function whereAll(conditions: readonly (string | false | undefined)[]): string {
  const asked = conditions.filter((condition) => typeof condition === 'string');
  return asked.length === 0 ? '' : `WHERE ${asked.join(' AND ')}`;
}

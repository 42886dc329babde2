import { z } from 'zod';
import type { ModelRecord } from '../records.ts';
import type { Database } from '../sqlite-database.ts';
import { findRow, jsonText } from './row.ts';
import { jsonObject } from './shapes.ts';

const modelRow: z.ZodType<ModelRecord> = z
  .object({
    version: z.string(),
    kind: z.string(),
    metrics: jsonText(jsonObject),
    createdAt: z.number(),
    blob: z.instanceof(Uint8Array),
  })
  .readonly();

const SELECT = 'SELECT version, kind, metrics, created_at AS createdAt, blob FROM models';

export function saveModel(
  database: Database,
  model: Omit<ModelRecord, 'createdAt'>,
  createdAt: number,
): void {
  const { version, kind, metrics, blob } = model;
  database.run(
    `INSERT INTO models (version, kind, metrics, created_at, blob)
     VALUES (:version, :kind, :metrics, :createdAt, :blob) ON CONFLICT (version) DO NOTHING`,
    { version, kind, metrics: JSON.stringify(metrics), createdAt, blob },
  );
}

export function findModel(database: Database, version: string): ModelRecord | undefined {
  return findRow(database, modelRow, database.get(`${SELECT} WHERE version = :version`, { version }));
}

export function latestModel(database: Database, kind: string): ModelRecord | undefined {
  const row = database.get(`${SELECT} WHERE kind = :kind ORDER BY created_at DESC, rowid DESC LIMIT 1`, {
    kind,
  });
  return findRow(database, modelRow, row);
}

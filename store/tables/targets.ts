import { z } from 'zod';
import type { TargetRecord } from '../records.ts';
import type { Database } from '../sqlite-database.ts';
import { TARGET_KINDS } from '../target-kinds.ts';
import { findRow, jsonText, parseRows } from './row.ts';
import { features, jsonObject } from './shapes.ts';

const targetRow: z.ZodType<TargetRecord> = z
  .object({
    fingerprint: z.string(),
    name: z.string(),
    kind: z.enum(TARGET_KINDS),
    description: jsonText(jsonObject),
    features: jsonText(features),
  })
  .readonly();

const SELECT = 'SELECT fingerprint, name, kind, description, features FROM targets';

/** A target saved again becomes the latest of its name. */
export function saveTarget(database: Database, target: TargetRecord, savedAt: number): void {
  const { fingerprint, name, kind } = target;
  const description = JSON.stringify(target.description);
  const features = JSON.stringify(target.features);
  database.run(
    `INSERT INTO targets (fingerprint, name, kind, description, features, saved_at)
     VALUES (:fingerprint, :name, :kind, :description, :features, :savedAt)
     ON CONFLICT (fingerprint) DO UPDATE SET saved_at = max(saved_at, :savedAt)`,
    { fingerprint, name, kind, description, features, savedAt },
  );
}

export function findTarget(database: Database, fingerprint: string): TargetRecord | undefined {
  return findRow(
    database,
    targetRow,
    database.get(`${SELECT} WHERE fingerprint = :fingerprint`, { fingerprint }),
  );
}

export function listStoredTargets(database: Database, name: string | undefined): readonly TargetRecord[] {
  const rows =
    name === undefined
      ? database.all(`${SELECT} ORDER BY name, saved_at DESC, fingerprint`)
      : database.all(`${SELECT} WHERE name = :name ORDER BY saved_at DESC, fingerprint`, { name });
  return parseRows(database, targetRow, rows);
}

import { readdirSync, readFileSync } from 'node:fs';
import type { Database } from './sqlite-database.ts';
import { storeError } from './store-error.ts';

const FOLDER = new URL('./migrations/', import.meta.url);

/** Marks the file as nightshift's: "nsft". */
const APPLICATION_ID = 0x6e736674;

/** Numbered SQL files, in order: 001-what-happened.sql turns an empty file into schema 1. */
const migrations: readonly string[] = Object.freeze(
  readdirSync(FOLDER)
    .filter((name) => /^\d{3}-.*\.sql$/.test(name))
    .sort(),
);

/**
 * - current: has this version's schema;
 * - empty: has no schema yet;
 * - older: `migrate` brings it up to date.
 */
export type SchemaState = 'current' | 'empty' | 'older';

/** Throws StoreError 'newer-schema', and 'corrupt' for a file of another program. */
export function schemaState(database: Database): SchemaState {
  const version = Number(database.pragma('user_version'));
  const application = Number(database.pragma('application_id'));
  if (version === 0 && application === 0 && isEmpty(database)) return 'empty';
  if (application !== APPLICATION_ID) throw storeError('corrupt', database.location);
  if (version > migrations.length) throw storeError('newer-schema', database.location);
  return version === migrations.length ? 'current' : 'older';
}

/** Applies all missing steps in one transaction, so that a store is never left between two schemas. */
export function migrate(database: Database): void {
  if (schemaState(database) === 'current') return;
  database.transaction(() => {
    const version = Number(database.pragma('user_version'));
    for (const name of migrations.slice(version)) {
      database.script(readFileSync(new URL(name, FOLDER), 'utf8'));
    }
    database.pragma(`application_id = ${APPLICATION_ID}`);
    database.pragma(`user_version = ${migrations.length}`);
  });
}

function isEmpty(database: Database): boolean {
  return database.get('SELECT 1 FROM sqlite_schema LIMIT 1') === undefined;
}

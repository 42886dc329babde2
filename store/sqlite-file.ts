import { existsSync, rmSync } from 'node:fs';
import { migrate, schemaState } from './migrate.ts';
import type { Database } from './sqlite-database.ts';
import { openDatabase } from './sqlite-database.ts';
import { StoreError } from './store-error.ts';

/**
 * Opens a file for writing, at the current schema. Throws StoreError, and leaves no file behind where
 * there was none.
 *
 * WAL lets many read while one writes. `synchronous = FULL` makes every batch survive a power cut and
 * not only kill -9, which NORMAL would do too: a night is worth the one fsync a batch.
 */
export function openFile(file: string): Database {
  const isNew = !existsSync(file);
  const database = openDatabase(file, 'write');
  try {
    // Looked at before anything is set: a file of another program is left as it is.
    schemaState(database);
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    migrate(database);
    // A read-only file opens without complaint; taking the write lock finds out.
    database.transaction(() => undefined);
    return database;
  } catch (error) {
    database.close();
    if (isNew) removeFile(file);
    throw error;
  }
}

/**
 * Moves the log into the file, so that a closed store is one plain file: it can be copied, committed
 * and read from a read-only disk. Where that fails (somebody reads, the disk is full), the log stays
 * beside it and nothing is lost.
 */
export function closeFile(database: Database): void {
  try {
    database.pragma('busy_timeout = 0');
    database.pragma('wal_checkpoint(TRUNCATE)');
    database.pragma('journal_mode = DELETE');
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
  } finally {
    database.close();
  }
}

function removeFile(file: string): void {
  for (const end of ['', '-wal', '-shm', '-journal']) rmSync(`${file}${end}`, { force: true });
}

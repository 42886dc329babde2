import { existsSync, realpathSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { copyForWriter } from './copy-for-writer.ts';
import { migrate, type SchemaState, schemaState } from './migrate.ts';
import type { Database } from './sqlite-database.ts';
import { openDatabase } from './sqlite-database.ts';
import { asStoreError, StoreError, storeError } from './store-error.ts';
import type { WallClock } from './wall-clock.ts';
import { type WatchedFile, watchFile } from './watched-file.ts';
import type { Writer } from './writer-lock.ts';
import { takeWriterLock } from './writer-lock.ts';

export type WritableFile = Readonly<{ database: Database; release: () => void }>;

/**
 * Takes the writer's lock and opens the file at the current schema. Throws StoreError. `release` closes and
 * unlocks it, and throws StoreError 'moved' if the file is no longer at its path.
 */
export function openToWrite(path: string, writer: Writer, clock: WallClock): WritableFile {
  const file = realPath(path);
  const lock = takeWriterLock(file, writer, clock);
  try {
    const { database, close } = openFile(file);
    let isOpen = true;
    const release = (): void => {
      if (!isOpen) return;
      isOpen = false;
      try {
        close();
      } finally {
        lock.release();
      }
    };
    return Object.freeze({ database, release });
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Throws StoreError; 'missing' if nothing has been written yet. */
export function openToRead(path: string, clock: WallClock): Database {
  const file = realPath(path);
  const known = existing(file, () => openKnown(file));
  if (known.state === 'current') return known.database;
  known.database.close();
  if (known.state === 'empty') throw storeError('missing', file);
  // It has an older schema: migrate it as a writer, then open it again.
  openToWrite(file, { role: 'upgrade' }, clock).release();
  return openDatabase(file, 'read');
}

/** Opens an existing store. If a writer was killed before WAL mode, first rolls back its journal, which a reader cannot do. */
function existing<T>(file: string, open: () => T): T {
  if (!existsSync(file) || statSync(file).size === 0) throw storeError('missing', file);
  try {
    return open();
  } catch (error) {
    if (!isHalfWritten(error)) throw error;
  }
  const database = openDatabase(file, 'write');
  try {
    schemaState(database);
  } finally {
    database.close();
  }
  if (statSync(file).size === 0) throw storeError('missing', file);
  return open();
}

function isHalfWritten(error: unknown): boolean {
  if (!(error instanceof StoreError) || !(error.cause instanceof Error)) return false;
  return 'code' in error.cause && error.cause.code === 'SQLITE_READONLY_ROLLBACK';
}

function openKnown(file: string): Readonly<{ database: Database; state: SchemaState }> {
  const database = openDatabase(file, 'read');
  try {
    return { database, state: schemaState(database) };
  } catch (error) {
    database.close();
    throw error;
  }
}

/**
 * WAL lets many processes read while one writes. With `synchronous = FULL` every batch survives a power cut,
 * at the cost of one fsync per batch; with NORMAL it would survive only kill -9.
 */
function openFile(file: string): WatchedFile {
  const isNew = !existsSync(file);
  const database = openWithLog(file, isNew);
  try {
    database.pragma('synchronous = FULL');
    // 32 MiB of cached pages: writes to the indexes of a million trials are scattered.
    database.pragma('cache_size = -32768');
    migrate(database);
    // A read-only file that a killed writer left in WAL mode opens without error; taking the write lock fails.
    database.transaction(() => undefined);
    return watchFile(database);
  } catch (error) {
    database.close();
    if (isNew) removeFile(file);
    throw error;
  }
}

/** How long to wait for another process's read transaction to end, in ms. */
const PATIENCE_MS = 1000;
/** How long to wait for SQLite's own short locks, in ms. */
const USUAL_MS = 5000;

function openWithLog(file: string, isNew: boolean): Database {
  try {
    return inWalMode(file);
  } catch (error) {
    if (isNew) removeFile(file);
    if (!(error instanceof StoreError) || error.kind !== 'in-use') throw error;
  }
  copyForWriter(file);
  return inWalMode(file);
}

/** Throws StoreError 'in-use' if another process is reading a file that is not in WAL mode yet. */
function inWalMode(file: string): Database {
  const database = openDatabase(file, 'write');
  try {
    // Checked before anything is set, so that a file of another program is left as it is.
    schemaState(database);
    database.pragma(`busy_timeout = ${PATIENCE_MS}`);
    database.pragma('journal_mode = WAL');
    database.pragma(`busy_timeout = ${USUAL_MS}`);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function removeFile(file: string): void {
  for (const end of ['', '-wal', '-shm', '-journal']) rmSync(`${file}${end}`, { force: true });
}

/** The path with links resolved, so that a file has one lock. */
function realPath(path: string): string {
  try {
    return existsSync(path) ? realpathSync(path) : join(realpathSync(dirname(path)), basename(path));
  } catch (error) {
    const folder = dirname(path);
    if (existsSync(folder)) throw asStoreError(error, path);
    const sentence = `there is no folder ${folder} for the store ${path}; create it first`;
    throw new StoreError('missing', path, sentence);
  }
}

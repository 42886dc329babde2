import { existsSync, realpathSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { migrate, schemaState } from './migrate.ts';
import type { Database } from './sqlite-database.ts';
import { openDatabase } from './sqlite-database.ts';
import { asStoreError, StoreError, storeError } from './store-error.ts';
import type { WallClock } from './wall-clock.ts';
import type { Writer } from './writer-lock.ts';
import { takeWriterLock } from './writer-lock.ts';

export type WritableFile = Readonly<{ database: Database; release: () => void }>;

/** Takes the writer's lock and opens the file at the current schema; `release` gives both up. Throws StoreError. */
export function openToWrite(path: string, writer: Writer, clock: WallClock): WritableFile {
  const file = realPath(path);
  const lock = takeWriterLock(file, writer, clock);
  try {
    const database = openFile(file);
    let isOpen = true;
    const release = (): void => {
      if (!isOpen) return;
      isOpen = false;
      closeFile(database);
      lock.release();
    };
    return Object.freeze({ database, release });
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Throws StoreError; 'missing' where nobody has written yet. */
export function openToRead(path: string, clock: WallClock): Database {
  const file = realPath(path);
  if (!existsSync(file) || statSync(file).size === 0) throw storeError('missing', file);
  const database = openDatabase(file, 'read');
  try {
    const state = schemaState(database);
    if (state === 'current') return database;
    if (state === 'empty') throw storeError('missing', file);
  } catch (error) {
    database.close();
    throw error;
  }
  // Of an older nightshift: brought up to date as a writer, then opened again.
  database.close();
  openToWrite(file, { role: 'upgrade' }, clock).release();
  return openDatabase(file, 'read');
}

/**
 * WAL lets many read while one writes. `synchronous = FULL` makes every batch survive a power cut and
 * not only kill -9, which NORMAL would do too: a night is worth the one fsync a batch.
 */
function openFile(file: string): Database {
  const isNew = !existsSync(file);
  const database = openDatabase(file, 'write');
  try {
    // Looked at before anything is set: a file of another program is left as it is.
    schemaState(database);
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    // Pages in memory, in KiB: the indexes of a million trials are written all over.
    database.pragma('cache_size = -32768');
    migrate(database);
    // A read-only file that a killed writer left in WAL mode opens without complaint; the write lock finds out.
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
function closeFile(database: Database): void {
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

/** One name for one file, whatever links lead to it, so that there is one lock. */
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

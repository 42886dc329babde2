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

/** Takes the writer's lock and opens the file at the current schema; `release` closes and unlocks it. Throws StoreError. */
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

/** Throws StoreError; 'missing' if nothing has been written yet. */
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
  // It has an older schema: migrate it as a writer, then open it again.
  database.close();
  openToWrite(file, { role: 'upgrade' }, clock).release();
  return openDatabase(file, 'read');
}

/**
 * WAL lets many read while one writes. With `synchronous = FULL` every batch survives a power cut, at the
 * cost of one fsync a batch; with NORMAL it would survive only kill -9.
 */
function openFile(file: string): Database {
  const isNew = !existsSync(file);
  const database = openDatabase(file, 'write');
  try {
    // Checked before anything is set, so that a file of another program is left as it is.
    schemaState(database);
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    migrate(database);
    // A read-only file that a killed writer left in WAL mode opens without error; taking the write lock fails.
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
 * and read from a read-only disk. If that fails (another process reads, the disk is full), the log stays
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

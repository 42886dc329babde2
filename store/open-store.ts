import { existsSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { migrate, schemaState } from './migrate.ts';
import type { Database } from './sqlite-database.ts';
import { openDatabase } from './sqlite-database.ts';
import { closeFile, openFile } from './sqlite-file.ts';
import { sqliteTrialStore } from './sqlite-trial-store.ts';
import { asStoreError, StoreError, storeError } from './store-error.ts';
import type { Clock, TrialStore } from './trial-store.ts';
import type { Writer } from './writer-lock.ts';
import { takeWriterLock } from './writer-lock.ts';

export type OpenOptions =
  /** Many may read while one writes. */
  | Readonly<{ mode: 'read'; clock: Clock }>
  /** Creates the store where there is none. */
  | Readonly<{ mode: 'write'; clock: Clock; writer: Writer }>;

/** A store that is forgotten when it is closed. */
export const IN_MEMORY = ':memory:';

/** Throws StoreError, and has then created and changed nothing. */
export async function openStore(path: string, options: OpenOptions): Promise<TrialStore> {
  const { clock } = options;
  if (path === IN_MEMORY) return openInMemory(clock);
  if (options.mode === 'write') {
    const { database, release } = openLocked(realPath(path), options.writer, clock);
    return sqliteTrialStore(database, clock, release);
  }
  const database = openToRead(realPath(path), clock);
  return sqliteTrialStore(database, clock, () => database.close());
}

function openInMemory(clock: Clock): TrialStore {
  const database = openDatabase(IN_MEMORY, 'write');
  migrate(database);
  return sqliteTrialStore(database, clock, () => database.close());
}

type Locked = Readonly<{ database: Database; release: () => void }>;

function openLocked(file: string, writer: Writer, clock: Clock): Locked {
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
    return { database, release };
  } catch (error) {
    lock.release();
    throw error;
  }
}

function openToRead(file: string, clock: Clock): Database {
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
  openLocked(file, { role: 'upgrade' }, clock).release();
  return openDatabase(file, 'read');
}

/** One name for one file, whatever links lead to it, so that there is one lock. */
function realPath(path: string): string {
  try {
    return existsSync(path) ? realpathSync(path) : join(realpathSync(dirname(path)), basename(path));
  } catch (error) {
    const folder = dirname(path);
    if (existsSync(folder)) throw asStoreError(error, path);
    throw new StoreError(
      'missing',
      path,
      `there is no folder ${folder} for the store ${path}; create it first`,
    );
  }
}

import { migrate } from './migrate.ts';
import { openDatabase } from './sqlite-database.ts';
import { openToRead, openToWrite, type WritableFile } from './sqlite-file.ts';
import { sqliteStore } from './sqlite-store.ts';
import type { Store } from './store.ts';
import { keepLibraryNames } from './tables/titles.ts';
import type { WallClock } from './wall-clock.ts';
import type { Writer } from './writer-lock.ts';

export type OpenOptions =
  /** Many processes may read while one writes. */
  | Readonly<{ mode: 'read'; clock: WallClock }>
  /** Creates the store if there is none. Other kernels with one of `libraryNames` get a title of their own. */
  | Readonly<{ mode: 'write'; clock: WallClock; writer: Writer; libraryNames?: readonly string[] }>;

/** The location of a store in memory, which is lost when it is closed. */
export const IN_MEMORY = ':memory:';

/** Throws StoreError; then nothing was created or changed. */
export async function openStore(path: string, options: OpenOptions): Promise<Store> {
  const { clock } = options;
  if (path === IN_MEMORY) return named(openInMemory(), options);
  if (options.mode === 'write') return named(openToWrite(path, options.writer, clock), options);
  const database = openToRead(path, clock);
  return sqliteStore(database, clock, () => database.close());
}

function named({ database, release }: WritableFile, options: OpenOptions): Store {
  try {
    const names = options.mode === 'write' ? options.libraryNames : undefined;
    if (names !== undefined) keepLibraryNames(database, names);
    return sqliteStore(database, options.clock, release);
  } catch (error) {
    release();
    throw error;
  }
}

function openInMemory(): WritableFile {
  const database = openDatabase(IN_MEMORY, 'write');
  migrate(database);
  return { database, release: () => database.close() };
}

import { migrate } from './migrate.ts';
import { openDatabase } from './sqlite-database.ts';
import { openToRead, openToWrite } from './sqlite-file.ts';
import { sqliteStore } from './sqlite-store.ts';
import type { Store } from './store.ts';
import type { WallClock } from './wall-clock.ts';
import type { Writer } from './writer-lock.ts';

export type OpenOptions =
  /** Many processes may read while one writes. */
  | Readonly<{ mode: 'read'; clock: WallClock }>
  /** Creates the store if there is none. */
  | Readonly<{ mode: 'write'; clock: WallClock; writer: Writer }>;

/** The location of a store in memory, which is lost when it is closed. */
export const IN_MEMORY = ':memory:';

/** Throws StoreError; then nothing was created or changed. */
export async function openStore(path: string, options: OpenOptions): Promise<Store> {
  const { clock } = options;
  if (path === IN_MEMORY) {
    const database = openDatabase(IN_MEMORY, 'write');
    migrate(database);
    return sqliteStore(database, clock, () => database.close());
  }
  if (options.mode === 'write') {
    const { database, release } = openToWrite(path, options.writer, clock);
    return sqliteStore(database, clock, release);
  }
  const database = openToRead(path, clock);
  return sqliteStore(database, clock, () => database.close());
}

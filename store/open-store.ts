import { migrate } from './migrate.ts';
import { openDatabase } from './sqlite-database.ts';
import { openToRead, openToWrite } from './sqlite-file.ts';
import { sqliteTrialStore } from './sqlite-trial-store.ts';
import type { Clock, TrialStore } from './trial-store.ts';
import type { Writer } from './writer-lock.ts';

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
  if (path === IN_MEMORY) {
    const database = openDatabase(IN_MEMORY, 'write');
    migrate(database);
    return sqliteTrialStore(database, clock, () => database.close());
  }
  if (options.mode === 'write') {
    const { database, release } = openToWrite(path, options.writer, clock);
    return sqliteTrialStore(database, clock, release);
  }
  const database = openToRead(path, clock);
  return sqliteTrialStore(database, clock, () => database.close());
}

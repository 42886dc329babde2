import { type BigIntStats, rmSync, statSync, truncateSync } from 'node:fs';
import { z } from 'zod';
import type { Database } from './sqlite-database.ts';
import { asStoreError, StoreError, storeError } from './store-error.ts';

/** A writer's database, and a function that closes it. */
export type WatchedFile = Readonly<{
  database: Database;
  /** Closes the database in any case. Throws StoreError 'moved' if the file is no longer at its path. */
  close(): void;
}>;

/** The log is moved into the file when it has this many pages (4 KiB each). */
const CHECKPOINT_PAGES = 1000;

/**
 * Watches the file of a database in WAL mode, of which this process is the only writer. Before each write it
 * checks that the path still names the opened file, so that no results go into a file that was moved,
 * deleted or replaced. After a write, a long log is moved into the file, and a log that grew because of a
 * reader is truncated when SQLite restarts it.
 */
export function watchFile(database: Database): WatchedFile {
  const file = new WrittenFile(database);
  return Object.freeze({
    database: Object.freeze<Database>({
      ...database,
      run: (sql, parameters) => file.writing(() => database.run(sql, parameters)),
      transaction: (work) => file.writing(() => database.transaction(work)),
    }),
    close: () => file.close(),
  });
}

/** In the last two states nothing may be written any more. */
type Fate = 'here' | 'gone' | 'overwritten';

const logRow = z.object({ log: z.number(), checkpointed: z.number() });

class WrittenFile {
  readonly #database: Database;
  readonly #path: string;
  readonly #logPath: string;
  readonly #opened: BigIntStats | undefined;
  #openedLog: BigIntStats | undefined;
  /** Only a checkpoint changes the file, and only this process makes one. */
  #size: bigint | undefined;
  #isWriting = false;

  constructor(database: Database) {
    this.#database = database;
    this.#path = database.location;
    this.#logPath = `${database.location}-wal`;
    database.pragma('wal_autocheckpoint = 0');
    database.pragma(`journal_size_limit = ${CHECKPOINT_PAGES * 4096}`);
    this.#opened = statsOf(this.#path);
    this.#checkpoint('PASSIVE');
  }

  /** A nested write is part of the outer one. */
  writing<T>(work: () => T): T {
    if (this.#isWriting) return work();
    if (this.#fate() !== 'here') throw storeError('moved', this.#path);
    this.#isWriting = true;
    try {
      const done = work();
      this.#openedLog ??= statsOf(this.#logPath);
      if (this.#pagesInLog() >= CHECKPOINT_PAGES) this.#checkpoint('PASSIVE');
      return done;
    } finally {
      this.#isWriting = false;
    }
  }

  /**
   * Moves the log into the file, so that a closed store is one plain file: it can be copied, committed
   * and read from a read-only disk. If that fails (another process reads, the disk is full), the log stays
   * beside it and nothing is lost. A moved file gets its log, too; a file that was overwritten does not.
   */
  close(): void {
    let fate: Fate = 'here';
    try {
      fate = this.#fate();
      if (fate === 'overwritten') this.#dropLog();
      this.#database.pragma('busy_timeout = 0');
      if (fate !== 'overwritten') this.#checkpoint('TRUNCATE');
      if (fate === 'here') this.#database.pragma('journal_mode = DELETE');
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
    } finally {
      this.#database.close();
    }
    if (fate === 'here') return;
    this.#removeLog();
    throw storeError('moved', this.#path);
  }

  #fate(): Fate {
    const now = statsOf(this.#path);
    if (!isSame(now, this.#opened)) return 'gone';
    return now?.size === this.#size ? 'here' : 'overwritten';
  }

  #pagesInLog(): number {
    const { log, checkpointed } = logRow.parse(this.#database.get('PRAGMA wal_checkpoint(NOOP)'));
    return log - checkpointed;
  }

  /** If the disk has no room for this, the log stays: nothing that was written is lost. */
  #checkpoint(kind: 'PASSIVE' | 'TRUNCATE'): void {
    try {
      this.#database.get(`PRAGMA wal_checkpoint(${kind})`);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
    }
    const now = statsOf(this.#path);
    if (isSame(now, this.#opened)) this.#size = now?.size;
  }

  #isOurLog(): boolean {
    return isSame(statsOf(this.#logPath), this.#openedLog);
  }

  /** SQLite moves the log into the file on closing; an empty log changes nothing. */
  #dropLog(): void {
    if (this.#isOurLog()) truncateSync(this.#logPath);
  }

  /** Removes the log, which belongs to no other file. */
  #removeLog(): void {
    if (this.#isOurLog()) for (const end of ['-wal', '-shm']) rmSync(`${this.#path}${end}`, { force: true });
  }
}

function statsOf(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true, throwIfNoEntry: false });
  } catch (error) {
    throw asStoreError(error, path);
  }
}

function isSame(a: BigIntStats | undefined, b: BigIntStats | undefined): boolean {
  return a !== undefined && a.ino === b?.ino && a.dev === b.dev;
}

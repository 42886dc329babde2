import { type BigIntStats, rmSync, statSync, truncateSync } from 'node:fs';
import { z } from 'zod';
import type { Database } from './sqlite-database.ts';
import { asStoreError, StoreError, storeError } from './store-error.ts';

/** A writer's database, and the end of it. */
export type WatchedFile = Readonly<{
  database: Database;
  /** Throws StoreError 'moved' where the file is not at its path any more; the database is closed whatever happens. */
  close(): void;
}>;

/** Pages of the log (4 KiB each) after which it is moved into the file. */
const CHECKPOINT_PAGES = 1000;

/**
 * Watches the file of a database in WAL mode, of which this is the only writer. Every write first looks
 * whether the path still names the file that was opened, so that no results go into one that was moved,
 * deleted or replaced. After it the log is moved into the file when it is long, and a log that a reader
 * had kept growing is cut when it begins anew.
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

/** In the last two nothing may be written any more. */
type Fate = 'here' | 'gone' | 'overwritten';

const logRow = z.object({ log: z.number(), checkpointed: z.number() });

class WrittenFile {
  readonly #database: Database;
  readonly #path: string;
  readonly #logPath: string;
  readonly #opened: BigIntStats | undefined;
  #openedLog: BigIntStats | undefined;
  /** Only a checkpoint changes the file, and only we make one. */
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

  /** A write within a write is a part of it. */
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
   * and read from a read-only disk. Where that fails (somebody reads, the disk is full), the log stays
   * beside it and nothing is lost. A file that was moved gets its log too; over one that somebody wrote
   * anew ours is not laid.
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

  /** A disk without room for it has room for the log: what was written is kept. */
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

  /** SQLite moves a log into the file when it closes it; an empty one changes nothing. */
  #dropLog(): void {
    if (this.#isOurLog()) truncateSync(this.#logPath);
  }

  /** It belongs to no other file. */
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

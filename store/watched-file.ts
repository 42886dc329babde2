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

/** The number of pages (4 KiB each) at which the log is moved into the file. */
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
      run: (sql, parameters) => file.writing(() => file.counted(database.run(sql, parameters))),
      transaction: (work) => file.writing(() => database.transaction(work)),
      longTransaction: (work) => file.writingLong(work),
    }),
    close: () => file.close(),
  });
}

/** The number of changed rows after which the log's length is checked; a row touches a few pages. */
const CHECK_ROWS = 200;

/** The state of the file at the path. In the last two, nothing may be written any more. */
type FileState = 'here' | 'gone' | 'overwritten';

const logRow = z.object({ log: z.number(), checkpointed: z.number() });

class WrittenFile {
  readonly #database: Database;
  readonly #path: string;
  readonly #logPath: string;
  readonly #opened: BigIntStats | undefined;
  readonly #openedLog: BigIntStats | undefined;
  /** The file's size. Only checkpoints change it, and only this process makes them. */
  #size: bigint | undefined;
  #isWriting = false;
  #changedRows = 0;

  constructor(database: Database) {
    this.#database = database;
    this.#path = database.location;
    this.#logPath = `${database.location}-wal`;
    database.pragma('wal_autocheckpoint = 0');
    database.pragma(`journal_size_limit = ${CHECKPOINT_PAGES * 4096}`);
    this.#opened = statsOf(this.#path);
    this.#openedLog = statsOf(this.#logPath);
    this.#checkpoint('PASSIVE');
  }

  /** A nested write is part of the outer one. */
  writing<T>(work: () => T): T {
    if (this.#isWriting) return work();
    this.#confirmPlace();
    this.#isWriting = true;
    try {
      const done = work();
      if (this.#changedRows >= CHECK_ROWS) this.#checkLogLength();
      return done;
    } finally {
      this.#isWriting = false;
    }
  }

  /** A transaction of work that waits in between; its results are dropped if the file has left its path by its end. */
  async writingLong<T>(work: () => Promise<T>): Promise<T> {
    this.#confirmPlace();
    this.#isWriting = true;
    try {
      const done = await this.#database.longTransaction(async () => {
        const result = await work();
        this.#confirmPlace();
        return result;
      });
      this.#checkLogLength();
      return done;
    } finally {
      this.#isWriting = false;
    }
  }

  /**
   * Moves the log into the file, so that a closed store is one plain file: it can be copied, committed
   * and read from a read-only disk. If that fails (another process reads, the disk is full), the log stays
   * beside it and nothing is lost. The log goes into a moved file too, but not into an overwritten one.
   */
  close(): void {
    let state: FileState = 'here';
    try {
      state = this.#state();
      if (state === 'overwritten') this.#dropLog();
      this.#database.pragma('busy_timeout = 0');
      if (state !== 'overwritten') this.#checkpoint('TRUNCATE');
      if (state === 'here') this.#database.pragma('journal_mode = DELETE');
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
    } finally {
      this.#database.close();
    }
    if (state === 'here') return;
    this.#removeLog();
    throw storeError('moved', this.#path);
  }

  #confirmPlace(): void {
    if (this.#state() !== 'here') throw storeError('moved', this.#path);
  }

  #state(): FileState {
    const now = statsOf(this.#path);
    if (!isSame(now, this.#opened)) return 'gone';
    return now?.size === this.#size ? 'here' : 'overwritten';
  }

  counted<T extends Readonly<{ changes: number }>>(result: T): T {
    this.#changedRows += result.changes;
    return result;
  }

  #checkLogLength(): void {
    this.#changedRows = 0;
    const { log, checkpointed } = logRow.parse(this.#database.get('PRAGMA wal_checkpoint(NOOP)'));
    if (log - checkpointed >= CHECKPOINT_PAGES) this.#checkpoint('PASSIVE');
  }

  /** If the disk has no room for this, the log stays and nothing is lost. */
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

  /** Empties the log, because SQLite moves it into the file on closing. */
  #dropLog(): void {
    if (this.#isOurLog()) truncateSync(this.#logPath);
  }

  /** Removes the log files, if they are still those of this database. */
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

import Sqlite from 'better-sqlite3';
import { asStoreError } from './store-error.ts';

export type SqlValue = string | number | null | Uint8Array;
export type SqlParameters = Readonly<Record<string, SqlValue>>;

/** The part of SQLite that the store needs. Every failure of the file is a StoreError. */
export interface Database {
  readonly location: string;
  /** Parameters are bound by name or position. Returns the number of changed rows, and the id of the last inserted one. */
  run(
    sql: string,
    parameters?: SqlParameters | readonly SqlValue[],
  ): Readonly<{ changes: number; lastId: number }>;
  get(sql: string, parameters?: SqlParameters): unknown;
  all(sql: string, parameters?: SqlParameters): readonly unknown[];
  /** Runs several statements without parameters. */
  script(sql: string): void;
  pragma(name: string): unknown;
  /** The problems found by `PRAGMA integrity_check`. */
  problems(): readonly string[];
  /** Runs work in a transaction, which takes SQLite's write lock at once. */
  transaction<T>(work: () => T): T;
  /** The same for work that waits in between; nothing else may use the database until it has ended. */
  longTransaction<T>(work: () => Promise<T>): Promise<T>;
  /** Attaches another file while work runs; its tables are `other.*`. */
  withAttached<T>(path: string, work: () => T): T;
  /** Returns the space of deleted rows to the disk, if there is room to do so. */
  shrink(): void;
  close(): void;
}

/** 'write' creates the file if there is none; ':memory:' is a database in memory. */
export function openDatabase(path: string, mode: 'write' | 'read'): Database {
  const guard = <T>(work: () => T): T => guarded(path, work);
  const handle = guard(() => new Sqlite(path, { readonly: mode === 'read', fileMustExist: mode === 'read' }));
  const statements = new Map<string, Sqlite.Statement>();
  const prepare = (sql: string): Sqlite.Statement => {
    const statement = statements.get(sql) ?? handle.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
  return Object.freeze({
    location: path,
    run: (sql: string, parameters: SqlParameters | readonly SqlValue[] = {}) =>
      guard(() => {
        const { changes, lastInsertRowid } = prepare(sql).run(parameters);
        return { changes, lastId: Number(lastInsertRowid) };
      }),
    get: (sql: string, parameters: SqlParameters = {}) => guard(() => prepare(sql).get(parameters)),
    all: (sql: string, parameters: SqlParameters = {}) => guard(() => prepare(sql).all(parameters)),
    script: (sql: string) => guard(() => void handle.exec(sql)),
    pragma: (name: string) => guard(() => handle.pragma(name, { simple: true })),
    problems: () => guard(() => integrityProblems(handle)),
    transaction: <T>(work: () => T): T => guard(() => handle.transaction(work).immediate()),
    longTransaction: <T>(work: () => Promise<T>): Promise<T> => longTransaction(handle, guard, work),
    withAttached: <T>(other: string, work: () => T): T =>
      guard(() => {
        handle.prepare('ATTACH DATABASE ? AS other').run(other);
        try {
          return work();
        } finally {
          handle.exec('DETACH DATABASE other');
        }
      }),
    shrink: () => shrink(handle),
    close: () => guard(() => void handle.close()),
  });
}

async function longTransaction<T>(
  handle: Sqlite.Database,
  guard: (statement: () => void) => void,
  work: () => Promise<T>,
): Promise<T> {
  guard(() => void handle.exec('BEGIN IMMEDIATE'));
  try {
    const done = await work();
    guard(() => void handle.exec('COMMIT'));
    return done;
  } finally {
    // SQLite has rolled back by itself where the disk is full.
    if (handle.inTransaction) guard(() => void handle.exec('ROLLBACK'));
  }
}

/** Errors are ignored: a store that could not shrink works as before. */
function shrink(handle: Sqlite.Database): void {
  try {
    handle.exec('VACUUM');
  } catch (error) {
    if (!(error instanceof Sqlite.SqliteError)) throw error;
  }
}

function integrityProblems(handle: Sqlite.Database): readonly string[] {
  try {
    const answers = handle.prepare('PRAGMA integrity_check').pluck().all().map(String);
    return answers.filter((answer) => answer !== 'ok');
  } catch (error) {
    if (error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_CORRUPT'))
      return [error.message];
    throw error;
  }
}

function guarded<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw asStoreError(error, path);
  }
}

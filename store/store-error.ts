import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * The problem of a store, and the remedy:
 * - missing: nothing has been tuned yet;
 * - newer-schema: written by a newer nightshift; use that version;
 * - in-use: another process uses it; wait, or use the daemon that holds it;
 * - corrupt: restore a backup, or start a new store;
 * - moved: it was moved, deleted or replaced while it was written; keep it in place and repeat the command;
 * - read-only, full: make it writable, make room;
 * - io: check the disk.
 */
export type StoreErrorKind =
  | 'missing'
  | 'newer-schema'
  | 'in-use'
  | 'corrupt'
  | 'moved'
  | 'read-only'
  | 'full'
  | 'io';

/** The message is one sentence: the problem, the path, what to do. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly kind: StoreErrorKind;
  readonly path: string;

  constructor(kind: StoreErrorKind, path: string, sentence: string, cause?: unknown) {
    super(sentence, cause === undefined ? undefined : { cause });
    this.kind = kind;
    this.path = path;
  }
}

const CODES: readonly (readonly [prefix: string, kind: StoreErrorKind])[] = Object.freeze([
  ['SQLITE_FULL', 'full'],
  ['ENOSPC', 'full'],
  ['EDQUOT', 'full'],
  ['SQLITE_READONLY', 'read-only'],
  ['SQLITE_CANTOPEN', 'read-only'],
  ['SQLITE_PERM', 'read-only'],
  ['EACCES', 'read-only'],
  ['EPERM', 'read-only'],
  ['EROFS', 'read-only'],
  ['SQLITE_CORRUPT', 'corrupt'],
  ['SQLITE_NOTADB', 'corrupt'],
  ['SQLITE_BUSY', 'in-use'],
  ['SQLITE_LOCKED', 'in-use'],
  ['SQLITE_IOERR', 'io'],
  ['EIO', 'io'],
]);

const SENTENCES: Readonly<Record<StoreErrorKind, (path: string) => string>> = Object.freeze({
  missing: (path) => `there is no store at ${path}; \`nightshift tune\` creates one, --store names another`,
  'newer-schema': (path) =>
    `${path} was written by a newer nightshift; update this one, or name another --store`,
  'in-use': (path) => `another program holds ${path}; wait for it or end it, or name another --store`,
  corrupt: (path) =>
    `${path} is damaged or not a nightshift store; it was not changed: restore a copy, or name another --store`,
  moved: (path) =>
    `${path} was moved, deleted or replaced while it was written; nothing more is stored in it. A moved file has all results stored until then; otherwise repeat the command`,
  'read-only': (path) =>
    `${path} or its folder is not writable; change its permissions, or name another --store`,
  full: (path) =>
    `the disk of ${path} is full; the results stored before are safe: make room (a daemon then continues; repeat a command)`,
  io: (path) => `the disk of ${path} cannot be read or written; see the system's log`,
});

export function storeError(kind: StoreErrorKind, path: string, cause?: unknown): StoreError {
  return new StoreError(kind, path, SENTENCES[kind](path), cause);
}

/** Turns errors of SQLite and the file system into StoreErrors; returns any other unchanged. */
export function asStoreError(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  const code = String(error.code);
  const known = CODES.find(([prefix]) => code.startsWith(prefix));
  if (known === undefined) return error;
  return storeError(known[1] === 'io' && isFull(path) ? 'full' : known[1], path, error);
}

/** Whether the disk is full: SQLite reports some writes to it (of its shared memory) as a general I/O error. */
function isFull(path: string): boolean {
  const { bavail, bsize } = statfsSync(dirname(path));
  return bavail * bsize < 64 * 1024;
}

import { existsSync, linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { z } from 'zod';
import { isSameFile, otherNames, siblingPaths } from './file-names.ts';
import { asStoreError, StoreError } from './store-error.ts';
import type { WallClock } from './wall-clock.ts';

/** The process that writes a store: its role ("tune", "daemon"), and its address if it listens. */
export type Writer = Readonly<{ role: string; listen?: string }>;

const holderSchema = z
  .object({
    pid: z.number(),
    host: z.string(),
    /** The process's start time as the operating system gives it: a later process may get the same pid. */
    birth: z.string().nullable(),
    role: z.string(),
    listen: z.string().exactOptional(),
    since: z.number(),
  })
  .readonly();
export type Holder = z.infer<typeof holderSchema>;

export type WriterLock = Readonly<{ release(): void }>;

/**
 * Takes `<store>.lock`, or throws StoreError 'in-use' naming its holder. The file is linked into place, so
 * it is never seen half-written. A lock left by a killed process is taken over. The lock belongs to the
 * file under all its names: hard links and renames in its folder lead to the same writer.
 */
export function takeWriterLock(store: string, writer: Writer, clock: WallClock): WriterLock {
  const lock = lockPath(store);
  const holder: Holder = {
    pid: process.pid,
    host: hostname(),
    birth: birthOf(process.pid),
    ...writer,
    since: Math.round(clock.now()),
  };
  const text = `${JSON.stringify(holder)}\n`;
  const draft = `${lock}.${process.pid}`;
  try {
    writeFileSync(draft, text);
    while (!linked(draft, lock)) removeStaleLock(store, lock, draft);
  } catch (error) {
    throw asStoreError(error, store);
  } finally {
    rmSync(draft, { force: true });
  }
  try {
    checkOtherNames(store);
  } catch (error) {
    releaseIfUnchanged(lock, text);
    throw asStoreError(error, store);
  }
  return Object.freeze({ release: () => releaseIfUnchanged(lock, text) });
}

/** The process that writes the store now; undefined if there is none. */
export function currentWriter(store: string): Holder | undefined {
  return livingHolder(lockPath(store)) ?? writerByAnotherName(store)?.holder;
}

function livingHolder(lock: string): Holder | undefined {
  const holder = parseHolder(readIfThere(lock));
  return holder !== undefined && isAlive(holder) ? holder : undefined;
}

/**
 * The writer of the file under another name in its folder: a hard link, or the file's earlier name, under
 * which the writer's log still exists.
 */
function writerByAnotherName(store: string): Readonly<{ lock: string; holder: Holder }> | undefined {
  if (!existsSync(store)) return undefined;
  for (const lock of siblingPaths(store).filter(isLock)) {
    const other = lock.slice(0, -LOCK.length);
    const holder = other === store ? undefined : livingHolder(lock);
    if (holder === undefined) continue;
    if (existsSync(other) ? isSameFile(other, store) : existsSync(`${other}-wal`)) return { lock, holder };
  }
  return undefined;
}

/**
 * Throws StoreError 'in-use' if the file may be written, or have a log, under another name: SQLite finds the
 * log by the file's name, so it would miss and overwrite that log.
 */
function checkOtherNames(store: string): void {
  const writer = writerByAnotherName(store);
  if (writer !== undefined) throw inUse(store, writer.lock, writer.holder);
  const { here, hasMoreElsewhere } = otherNames(store);
  const unclosed = here.find((other) => hasLog(other));
  if (unclosed !== undefined) {
    const sentence = `${store} is a hard link to ${unclosed}, which was not closed; open it by that name first`;
    throw new StoreError('in-use', store, sentence);
  }
  if (hasMoreElsewhere) {
    const sentence = `${store} has hard links in other folders, where another process may be writing it; copy it, or remove the other links`;
    throw new StoreError('in-use', store, sentence);
  }
}

/** Whether a path may be a lock; other programs use such names too, even for folders. */
function isLock(path: string): boolean {
  return path.endsWith(LOCK) && statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function hasLog(store: string): boolean {
  return (statSync(`${store}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
}

const LOCK = '.lock';

function lockPath(store: string): string {
  return `${store}${LOCK}`;
}

/** Linking fails if the name is taken, so exactly one of several processes succeeds. */
function linked(draft: string, lock: string): boolean {
  try {
    linkSync(draft, lock);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Removes a dead process's lock; throws StoreError 'in-use' if its holder is alive. It is moved aside first and read again: if another process has taken over the
 * lock in the meantime, the moved file is that process's lock and is moved back.
 */
function removeStaleLock(store: string, lock: string, draft: string): void {
  const seen = readIfThere(lock);
  if (seen === undefined) return;
  const holder = parseHolder(seen);
  if (holder !== undefined && isAlive(holder)) throw inUse(store, lock, holder);
  const aside = `${draft}.stale`;
  try {
    renameSync(lock, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  if (readIfThere(aside) !== seen) linked(aside, lock);
  rmSync(aside, { force: true });
}

function releaseIfUnchanged(lock: string, text: string): void {
  if (readIfThere(lock) === text) rmSync(lock, { force: true });
}

function inUse(store: string, lock: string, holder: Holder): StoreError {
  const where = holder.host === hostname() ? '' : ` on ${holder.host}`;
  const advice =
    holder.host === hostname()
      ? 'wait for it, stop it, or name another --store'
      : `wait for it, name another --store, or remove ${lock} if that machine no longer writes`;
  const who = `nightshift ${holder.role} (pid ${holder.pid}${where})`;
  return new StoreError('in-use', store, `${store} is being written by ${who}; ${advice}`);
}

/** A process of another machine cannot be checked, and counts as alive. */
function isAlive(holder: Holder): boolean {
  if (holder.host !== hostname()) return true;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if (codeOf(error) === 'ESRCH') return false;
  }
  const birth = birthOf(holder.pid);
  return birth === null || holder.birth === null || birth === holder.birth;
}

/** Boot and start tick of a process on Linux; null without /proc. */
function birthOf(pid: number): string | null {
  const stat = readIfThere(`/proc/${pid}/stat`);
  const boot = readIfThere('/proc/sys/kernel/random/boot_id');
  if (stat === undefined || boot === undefined) return null;
  // The second field is the program's name in parentheses and may contain anything; the 22nd is the start.
  const afterName = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return `${boot.trim()}/${afterName[19]}`;
}

function parseHolder(text: string | undefined): Holder | undefined {
  if (text === undefined) return undefined;
  try {
    return holderSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ESRCH') return undefined;
    throw error;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

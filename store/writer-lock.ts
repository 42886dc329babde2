import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { z } from 'zod';
import { asStoreError, StoreError } from './store-error.ts';
import type { WallClock } from './wall-clock.ts';

/** Who writes a store: what it is ("tune", "daemon") and where it answers, if it does. */
export type Writer = Readonly<{ role: string; listen?: string }>;

const holderSchema = z
  .object({
    pid: z.number(),
    host: z.string(),
    /** When the process was born, in the kernel's words: a later process may get the same pid. */
    birth: z.string().nullable(),
    role: z.string(),
    listen: z.string().exactOptional(),
    since: z.number(),
  })
  .readonly();
export type Holder = z.infer<typeof holderSchema>;

export type WriterLock = Readonly<{ release(): void }>;

/**
 * Takes `<store>.lock`, or throws StoreError 'in-use' naming who has it. The file appears whole (it
 * is linked into place), and one left by a process that was killed is taken over.
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
    while (!linked(draft, lock)) makeWay(store, lock, draft);
  } catch (error) {
    throw asStoreError(error, store);
  } finally {
    rmSync(draft, { force: true });
  }
  return Object.freeze({ release: () => releaseIfOurs(lock, text) });
}

/** Who writes the store now; undefined when nobody does. */
export function currentWriter(store: string): Holder | undefined {
  const holder = parseHolder(readIfThere(lockPath(store)));
  return holder !== undefined && isAlive(holder) ? holder : undefined;
}

function lockPath(store: string): string {
  return `${store}.lock`;
}

/** Link fails where the name is taken: of several processes exactly one succeeds. */
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
 * Removes a dead process's lock. It is moved aside first and looked at again: had another process
 * taken over in between, what was moved is the living one's lock and goes back.
 */
function makeWay(store: string, lock: string, draft: string): void {
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

function releaseIfOurs(lock: string, text: string): void {
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

/** A process of another machine cannot be looked at, and counts as alive. */
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

/** Boot and start tick of a process on Linux; null where there is no /proc. */
function birthOf(pid: number): string | null {
  const stat = readIfThere(`/proc/${pid}/stat`);
  const boot = readIfThere('/proc/sys/kernel/random/boot_id');
  if (stat === undefined || boot === undefined) return null;
  // The second field is the program's name in parentheses and may hold anything; the 22nd is the start.
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

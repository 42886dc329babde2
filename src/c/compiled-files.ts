import { createHash, randomUUID } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { InputError } from '../../search-space/input-error.ts';
import { makeFolder } from '../text/make-folder.ts';
import { fileError } from '../text/output-error.ts';

/** All that was compiled together takes at most this; the longest unused goes first. */
const MOST_BYTES = 256 * 2 ** 20;
/** What a process that was ended left unfinished is removed after this. */
const ABANDONED_MS = 3_600_000;

const FINISHED = /^[0-9a-f]{32}$/;
/** clang writes to a file of its own beside the output: `….out.tmp`, with some hexadecimal digits before an ending. */
const UNFINISHED = /^[0-9a-f]{32}\.[0-9a-f-]{36,}\.(?:c|out)[0-9a-f-]*(?:\.tmp)?$/;

/** A file ends with the SHA-256 of what is before it, which neither the system nor a loader reads. */
const DIGEST_BYTES = 32;

/**
 * A folder of compiled files under the hash of what they were made of. Several users may share it: each
 * writes under a name of its own, and only what is whole gets its final name. What a crash of the system or a
 * bad disk has damaged since is not found.
 */
export class CompiledFiles {
  private readonly own = randomUUID();

  /** `option`: what a user asked for, which errors name. */
  constructor(
    private readonly folder: string,
    private readonly option: string,
  ) {}

  /** The file of a key, if it was compiled; notes that it is used. */
  find(key: string): string | undefined {
    const path = join(this.folder, key);
    try {
      if (!isWhole(readFileSync(path))) return undefined;
      const now = new Date();
      utimesSync(path, now, now);
      return path;
    } catch {
      return undefined;
    }
  }

  /**
   * Writes the source of a key, and says where its output belongs. Throws OutputError and InputError if the disk
   * refuses it.
   */
  begin(key: string, text: string): Readonly<{ source: string; output: string }> {
    const files = this.unfinished(key);
    try {
      makeFolder(this.folder);
      writeFileSync(files.source, text);
    } catch (cause) {
      throw this.refused(cause);
    }
    return files;
  }

  /** The output that is now whole, under its final name. Throws as `begin` does. */
  finish(key: string): string {
    const { source, output } = this.unfinished(key);
    const path = join(this.folder, key);
    try {
      appendFileSync(output, digestOf(readFileSync(output)));
      rmSync(source, { force: true });
      renameSync(output, path);
    } catch (cause) {
      throw this.refused(cause);
    }
    return path;
  }

  /** Removes what `begin` began. */
  giveUp(key: string): void {
    for (const path of Object.values(this.unfinished(key))) rmSync(path, { force: true });
  }

  private refused(cause: unknown): Error {
    return fileError(this.option, this.folder, cause, 'XDG_CACHE_HOME names another folder');
  }

  private unfinished(key: string): Readonly<{ source: string; output: string }> {
    const own = join(this.folder, `${key}.${this.own}`);
    return { source: `${own}.c`, output: `${own}.out` };
  }

  /** Removes what was unused for longest until the rest is within the limit. */
  trim(mostBytes = MOST_BYTES): void {
    let bytes = 0;
    for (const { name, size } of this.files(FINISHED).toSorted((a, b) => b.usedAt - a.usedAt)) {
      bytes += size;
      if (bytes > mostBytes) rmSync(join(this.folder, name), { force: true });
    }
  }

  /** Removes what was begun long ago, by a process that was ended. */
  removeAbandoned(now: number): void {
    for (const { name, usedAt } of this.files(UNFINISHED))
      if (now - usedAt > ABANDONED_MS) rmSync(join(this.folder, name), { force: true });
  }

  private files(names: RegExp): readonly Readonly<{ name: string; size: number; usedAt: number }>[] {
    if (!existsSync(this.folder)) return [];
    return readdirSync(this.folder).flatMap((name) => {
      if (!names.test(name)) return [];
      const about = statSync(join(this.folder, name), { throwIfNoEntry: false });
      return about === undefined ? [] : [{ name, size: about.size, usedAt: about.mtimeMs }];
    });
  }
}

function digestOf(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

function isWhole(bytes: Buffer): boolean {
  return digestOf(bytes.subarray(0, -DIGEST_BYTES)).equals(bytes.subarray(-DIGEST_BYTES));
}

/**
 * The folder of what is compiled for a kind of target. The files outlive a study: another one of the same kernel finds them. Throws InputError for a path with a line feed,
 * because the runner reads paths in lines.
 */
export function compiledFolderOf(kind: string): string {
  const { XDG_CACHE_HOME = '' } = process.env;
  // The XDG base directory specification says to ignore a relative path.
  const base = isAbsolute(XDG_CACHE_HOME) ? XDG_CACHE_HOME : join(homedir(), '.cache');
  if (/[\r\n]/.test(base)) throw new InputError('XDG_CACHE_HOME', 'has a line feed', 'a path without one');
  return join(base, 'nightshift', kind);
}

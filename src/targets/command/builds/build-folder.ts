import { existsSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { makeFolder } from '../../../text/make-folder.ts';
import { fileError } from '../../../text/output-error.ts';

/** All builds together take at most this; the longest unused go first … */
const MOST_BYTES = 512 * 1024 * 1024;
/** … but these many that were used last stay: a comparison runs some dozens in turns. */
const FEWEST = 128;
const ENDING = '.json';

const record = z.object({ bytes: z.number() });

/**
 * A folder of finished builds, each in a folder of its own under a key. A file beside it says that it is
 * whole, so a build that was interrupted is made again.
 */
export class BuildFolder {
  readonly #path: string;
  readonly #mostBytes: number;
  readonly #fewest: number;

  constructor(path: string, mostBytes = MOST_BYTES, fewest = FEWEST) {
    this.#path = path;
    this.#mostBytes = mostBytes;
    this.#fewest = fewest;
  }

  place(key: string): string {
    return join(this.#path, key);
  }

  /** Whether its build is there and whole; notes that it is used. */
  has(key: string): boolean {
    try {
      const now = new Date();
      utimesSync(this.#record(key), now, now);
      return statSync(this.place(key)).isDirectory();
    } catch {
      return false;
    }
  }

  /** A folder for a build that begins, with these texts as files. Throws OutputError and InputError if the disk refuses it. */
  begin(key: string, given: Readonly<Record<string, string>> = {}): string {
    return this.#writing(key, () => {
      this.#remove(key);
      makeFolder(this.place(key));
      for (const [name, text] of Object.entries(given)) writeFileSync(join(this.place(key), name), text);
      return this.place(key);
    });
  }

  /** The build is whole. Throws as `begin` does. */
  finish(key: string): void {
    this.#writing(key, () =>
      writeFileSync(this.#record(key), JSON.stringify({ bytes: bytesIn(this.place(key)) })),
    );
  }

  /** Removes what is not whole, and the builds unused for longest until the rest are within the limit. */
  trim(): void {
    for (const key of namesIn(this.#path))
      if (isKey(key) && !existsSync(this.#record(key))) this.#remove(key);
    const all = this.#finished().sort((a, b) => b.usedAt - a.usedAt);
    let bytes = 0;
    for (const [place, one] of all.entries()) {
      bytes += one.bytes;
      if (bytes > this.#mostBytes && place >= this.#fewest) this.#remove(one.key);
    }
  }

  #finished() {
    return namesIn(this.#path)
      .filter((name) => name.endsWith(ENDING))
      .flatMap((name) => {
        const key = name.slice(0, -ENDING.length);
        const bytes = bytesSaid(this.#record(key));
        if (bytes !== undefined) return [{ key, bytes, usedAt: statSync(this.#record(key)).mtimeMs }];
        this.#remove(key);
        return [];
      });
  }

  #writing<T>(key: string, write: () => T): T {
    try {
      return write();
    } catch (cause) {
      throw fileError(
        '--build',
        this.place(key),
        cause,
        'builds are kept beside the store: --store elsewhere',
      );
    }
  }

  #record(key: string): string {
    return `${this.place(key)}${ENDING}`;
  }

  #remove(key: string): void {
    rmSync(this.#record(key), { force: true });
    rmSync(this.place(key), { recursive: true, force: true });
  }
}

/** Undefined for a record that was not written whole. */
function bytesSaid(path: string): number | undefined {
  try {
    return record.parse(JSON.parse(readFileSync(path, 'utf8'))).bytes;
  } catch {
    return undefined;
  }
}

/** Only what looks like ours is removed. */
function isKey(name: string): boolean {
  return /^[0-9a-f]{32}$/.test(name);
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function bytesIn(folder: string): number {
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.reduce((sum, entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sum + bytesIn(path);
    return sum + (entry.isFile() ? statSync(path).size : 0);
  }, 0);
}

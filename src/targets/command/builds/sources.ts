import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';

const INCLUDE_FOLDER = /^-(?:I|iquote|isystem)(.*)$/s;
const INCLUDE = /^[ \t]*#[ \t]*include[ \t]*"([^"\n]+)"/gm;

/** The files that a command line names, with what they include by `#include "…"`: a hash of the content of each, by path. */
export class Sources {
  /** Read once, also what is not there: a visit's builds are of the files as they were at their first use. */
  readonly #read = new Map<string, SourceFile | undefined>();

  /**
   * Words that are no files are left out; `@file` and `--option=file` name one, too. `given` are texts of files that the
   * build finds. Paths are absolute, in order.
   */
  of(
    words: readonly string[],
    given: readonly string[] = [],
  ): readonly (readonly [path: string, hash: string])[] {
    const folders = includeFolders(words);
    const found = new Map<string, string>();
    const pending = words.flatMap(pathsIn).map((path) => resolve(path));
    for (const name of given.flatMap(includesOf))
      pending.push(...folders.map((folder) => resolve(folder, name)));
    for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
      const file = found.has(path) ? undefined : this.#file(path);
      if (file === undefined) continue;
      found.set(path, file.hash);
      for (const name of file.includes)
        pending.push(...[dirname(path), ...folders].map((folder) => resolve(folder, name)));
    }
    return [...found].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  /** The program of a command line, looked up in PATH where it is a bare name. */
  program(word: string): readonly (readonly [path: string, hash: string])[] {
    if (word.includes('/')) return this.of([word]);
    for (const folder of (process.env.PATH ?? '').split(delimiter)) {
      const path = resolve(join(folder, word));
      const file = this.#file(path);
      if (file !== undefined) return [[path, file.hash]];
    }
    return [];
  }

  /** The path of a file that is no longer what was read; undefined if all are. */
  changed(): string | undefined {
    for (const [path, file] of this.#read) {
      if (file === undefined || stampOf(path) === file.stamp) continue;
      const now = readSource(path);
      if (now?.hash !== file.hash) return path;
      this.#read.set(path, now);
    }
    return undefined;
  }

  #file(path: string): SourceFile | undefined {
    if (!this.#read.has(path)) this.#read.set(path, readSource(path));
    return this.#read.get(path);
  }
}

type SourceFile = Readonly<{ hash: string; stamp: string; includes: readonly string[] }>;

/** A word may be a path, or have one behind its first `@` or `=`. */
function pathsIn(word: string): readonly string[] {
  const [, path] = /^(?:@|-[^=]*=)(.+)$/s.exec(word) ?? [];
  return path === undefined ? [word] : [word, path];
}

/** Differs where a file was written since; empty if it is gone. */
function stampOf(path: string): string {
  const { ino, size, mtimeMs, ctimeMs } = statSync(path, { throwIfNoEntry: false }) ?? {};
  return ino === undefined ? '' : [ino, size, mtimeMs, ctimeMs].join();
}

/** Undefined if it is no file that can be read. */
function readSource(path: string): SourceFile | undefined {
  // Before it is read: what is written meanwhile has another stamp.
  const stamp = stampOf(path);
  const content = contentOf(path);
  if (content === undefined) return undefined;
  return {
    stamp,
    hash: createHash('sha256').update(content).digest('hex'),
    // A compiler has many bytes, and reading them as UTF-8 takes long; names of files are UTF-8.
    includes: includesOf(content.toString('latin1')).map((name) =>
      Buffer.from(name, 'latin1').toString('utf8'),
    ),
  };
}

function includesOf(text: string): readonly string[] {
  return [...text.matchAll(INCLUDE)].map(([, name]) => name);
}

function contentOf(path: string): Buffer | undefined {
  try {
    return statSync(path).isFile() ? readFileSync(path) : undefined;
  } catch {
    return undefined;
  }
}

/** The folders of `-Iinclude` and `-I include`; so with `-iquote` and `-isystem`. */
function includeFolders(words: readonly string[]): readonly string[] {
  return words.flatMap((word, place) => {
    const [, folder] = INCLUDE_FOLDER.exec(word) ?? [];
    return folder === '' ? (words[place + 1] ?? []) : (folder ?? []);
  });
}

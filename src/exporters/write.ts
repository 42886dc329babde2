import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../../search-space/input-error.ts';
import { draftOf, removeLeftDrafts } from '../text/drafts.ts';
import { makeFolder } from '../text/make-folder.ts';
import { fileError } from '../text/output-error.ts';
import { writeWhole } from '../text/write-whole.ts';
import type { ExportedFile } from './_base.ts';

export type FileState = 'written' | 'unchanged';
export type Difference = Readonly<{ path: string; state: 'missing' | 'different' }>;

/**
 * Writes files into a folder, all of them or none: first each as a draft, then the drafts are renamed to their
 * final paths. Files whose bytes would not change are left alone, so that builds stay cached. Throws
 * InputError or OutputError if the folder cannot be written, and restores it.
 */
export async function writeFiles(
  folder: string,
  files: readonly ExportedFile[],
): Promise<readonly Readonly<{ path: string; state: FileState }>[]> {
  const drafts: Draft[] = [];
  try {
    makeFolder(folder);
    for (const { name, text, mark } of files) {
      const path = join(folder, name);
      removeLeftDrafts(path);
      const before = await bytesOf(path);
      if (before !== undefined && mark !== undefined && !before.includes(mark)) throw anothersFile(path);
      if (before?.equals(Buffer.from(text))) continue;
      const draft = { path, before, from: draftOf(path) };
      drafts.push(draft);
      await writeFile(draft.from, text);
    }
    await moveAll(drafts);
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    throw fileError('-o', `into ${folder}`, cause, 'choose another folder');
  } finally {
    for (const { from } of drafts) await rm(from, { force: true });
  }
  const written = new Set(drafts.map(({ path }) => path));
  return files.map(({ name }) => {
    const path = join(folder, name);
    return { path, state: written.has(path) ? 'written' : 'unchanged' };
  });
}

function anothersFile(path: string): InputError {
  return new InputError(
    '-o',
    `${path} is there already, and nightshift did not write it`,
    'name a folder of its own, such as -o kernels/',
  );
}

/** A draft at `from`, to be renamed to `path`, whose earlier bytes are `before`. */
type Draft = Readonly<{ path: string; before: Buffer | undefined; from: string }>;

/** Renames all drafts; if one fails, restores the files already replaced. */
async function moveAll(drafts: readonly Draft[]): Promise<void> {
  const moved: Draft[] = [];
  try {
    for (const draft of drafts) {
      await rename(draft.from, draft.path);
      moved.push(draft);
    }
  } catch (cause) {
    for (const { path, before } of moved)
      if (before === undefined) await rm(path, { force: true });
      else writeWhole('-o', path, before);
    throw cause;
  }
}

/** The files of a folder that are missing or differ from `files`. Throws InputError for one that cannot be read. */
export async function differences(
  folder: string,
  files: readonly ExportedFile[],
): Promise<readonly Difference[]> {
  const found: Difference[] = [];
  for (const { name, text } of files) {
    const path = join(folder, name);
    const present = await presentBytes(path);
    if (present === undefined) found.push({ path, state: 'missing' });
    else if (!present.equals(Buffer.from(text))) found.push({ path, state: 'different' });
  }
  return found;
}

async function presentBytes(path: string): Promise<Buffer | undefined> {
  try {
    return await bytesOf(path);
  } catch (cause) {
    const code = isNodeError(cause) ? cause.code : String(cause);
    throw new InputError(
      '-o',
      `cannot read ${path}: ${code}`,
      'remove what is in its place, or choose another folder',
    );
  }
}

async function bytesOf(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (cause) {
    if (isNodeError(cause) && cause.code === 'ENOENT') return undefined;
    throw cause;
  }
}

function isNodeError(cause: unknown): cause is NodeJS.ErrnoException {
  return cause instanceof Error && 'code' in cause;
}

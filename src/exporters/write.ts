import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../../search-space/input-error.ts';
import { makeFolder } from '../text/make-folder.ts';
import type { ExportedFile } from './_base.ts';

export type FileState = 'written' | 'unchanged';
export type Difference = Readonly<{ path: string; state: 'missing' | 'different' }>;

/**
 * Writes files into a folder, each by a temporary file and a rename; those whose bytes would not change
 * are left alone, so that builds stay cached. Throws InputError where the folder cannot be written.
 */
export async function writeFiles(
  folder: string,
  files: readonly ExportedFile[],
): Promise<readonly Readonly<{ path: string; state: FileState }>[]> {
  const done: { path: string; state: FileState }[] = [];
  try {
    await makeFolder(folder);
    for (const { name, text } of files) {
      const path = join(folder, name);
      if ((await textOf(path)) === text) done.push({ path, state: 'unchanged' });
      else {
        await replace(path, text);
        done.push({ path, state: 'written' });
      }
    }
  } catch (cause) {
    throw new InputError('-o', `cannot write into ${folder}: ${reasonOf(cause)}`, 'choose another folder');
  }
  return done;
}

/** Writes a text by a temporary file beside it, and a rename; nothing half-written is ever seen. */
export async function replace(path: string, text: string): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, text);
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw cause;
  }
}

/** What of a folder is not what would be written. */
export async function differences(
  folder: string,
  files: readonly ExportedFile[],
): Promise<readonly Difference[]> {
  const found: Difference[] = [];
  for (const { name, text } of files) {
    const path = join(folder, name);
    const present = await textOf(path);
    if (present === undefined) found.push({ path, state: 'missing' });
    else if (present !== text) found.push({ path, state: 'different' });
  }
  return found;
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (isNodeError(cause) && cause.code === 'ENOENT') return undefined;
    throw cause;
  }
}

function reasonOf(cause: unknown): string {
  return isNodeError(cause) ? (cause.code ?? cause.message) : String(cause);
}

function isNodeError(cause: unknown): cause is NodeJS.ErrnoException {
  return cause instanceof Error && 'code' in cause;
}

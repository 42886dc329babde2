import { chmodSync, chownSync, renameSync, rmSync, statSync } from 'node:fs';
import { openDatabase } from './sqlite-database.ts';
import { asStoreError, storeError } from './store-error.ts';

/**
 * Replaces a closed store by a copy. A reader with an open transaction prevents the WAL mode that a writer
 * needs: the reader keeps the old file, and the writer continues in the copy. Throws StoreError 'in-use' if
 * another process writes the file, or if it has a second hard link, which would still name the old file.
 */
export function copyForWriter(path: string): void {
  const { nlink, mode, uid, gid } = statSync(path);
  if (nlink > 1) throw storeError('in-use', path);
  const draft = `${path}-copy`;
  const held = openDatabase(path, 'write');
  try {
    // Keeps other processes from writing in the meantime.
    held.script('BEGIN IMMEDIATE');
    copyTo(draft, path);
    chmodSync(draft, mode);
    chownSync(draft, uid, gid);
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw asStoreError(error, path);
  } finally {
    held.close();
  }
}

function copyTo(draft: string, path: string): void {
  rmSync(draft, { force: true });
  const source = openDatabase(path, 'read');
  try {
    source.run('VACUUM INTO :draft', { draft });
  } finally {
    source.close();
  }
}

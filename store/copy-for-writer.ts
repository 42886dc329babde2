import { chmodSync, chownSync, renameSync, rmSync, statSync } from 'node:fs';
import { openDatabase } from './sqlite-database.ts';
import { asStoreError, storeError } from './store-error.ts';

/**
 * Puts a copy of a closed store in its place. Somebody who reads the file and holds on to it keeps SQLite
 * from the log that a writer needs: that one keeps the file that it has, and the writer goes on in the copy.
 * Throws StoreError 'in-use' where somebody writes it, and where the file has another name that would then
 * be of another file.
 */
export function copyForWriter(path: string): void {
  const { nlink, mode, uid, gid } = statSync(path);
  if (nlink > 1) throw storeError('in-use', path);
  const draft = `${path}-copy`;
  const held = openDatabase(path, 'write');
  try {
    // Nobody else can begin to write meanwhile.
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

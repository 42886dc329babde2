import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { draftOf, removeLeftDrafts } from './drafts.ts';
import { fileError } from './output-error.ts';

/** Writes a draft beside the path and renames it, so that no reader sees a partial file. Throws InputError or OutputError. */
export function writeWhole(field: string, path: string, text: string | Buffer): void {
  const draft = draftOf(path);
  try {
    removeLeftDrafts(path);
    writeFileSync(draft, text);
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw fileError(field, path, error, 'check that its folder exists and is writable');
  }
}

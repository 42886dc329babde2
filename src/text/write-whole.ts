import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { InputError } from '../../search-space/input-error.ts';
import { draftOf, removeLeftDrafts } from './drafts.ts';

/** Writes a draft beside the path and renames it, so that no reader sees a partial file. Throws InputError. */
export function writeWhole(field: string, path: string, text: string | Buffer): void {
  const draft = draftOf(path);
  try {
    removeLeftDrafts(path);
    writeFileSync(draft, text);
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    const why = error instanceof Error && 'code' in error ? ` (${error.code})` : '';
    throw new InputError(field, `cannot write ${path}${why}`, 'check that its folder exists and is writable');
  }
}

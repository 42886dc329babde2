import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { InputError } from '../../search-space/input-error.ts';
import { draftOf, removeLeftDrafts } from './drafts.ts';

/** Writes a file beside its place and moves it there, so that nobody sees half of it. Throws InputError. */
export function writeWhole(field: string, path: string, text: string | Buffer): void {
  const draft = draftOf(path);
  try {
    removeLeftDrafts(path);
    writeFileSync(draft, text);
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    const why = error instanceof Error && 'code' in error ? ` (${error.code})` : '';
    throw new InputError(
      field,
      `cannot write ${path}${why}`,
      'does its folder exist, and may it be written?',
    );
  }
}

import { type Dirent, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { InputError } from '../../../search-space/input-error.ts';

const MAX_FILES = 100_000;
export const HINT = 'give the folder that torch calls TORCHINDUCTOR_CACHE_DIR';

/** All files below a folder, relative to it, sorted; links are not followed. */
export function filesUnder(folder: string): string[] {
  const found: string[] = [];
  const open = [folder];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const entry of entriesOf(next, folder)) {
      const path = join(next, entry.name);
      if (entry.isDirectory()) open.push(path);
      else if (entry.isFile()) found.push(relative(folder, path));
    }
    if (found.length > MAX_FILES)
      throw new InputError('cache', `${folder} holds more than ${MAX_FILES} files`, HINT);
  }
  return found.sort();
}

function entriesOf(path: string, folder: string): Dirent[] {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch (error) {
    throw new InputError(
      'cache',
      `cannot read ${folder}: ${error instanceof Error ? error.message : ''}`,
      HINT,
    );
  }
}

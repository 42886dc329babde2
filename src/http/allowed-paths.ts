import { readFileSync, realpathSync } from 'node:fs';
import { sep } from 'node:path';
import { InputError } from '../../search-space/input-error.ts';

/** How the names in a request reach the file system: only inside the folders that were configured. */
export type AllowedPaths = Readonly<{
  /** The real path, whatever links lead to it. Throws InputError outside, and where there is nothing. */
  real(path: string): string;
  text(path: string): string;
}>;

/** Throws InputError for a folder that there is not. */
export function allowedPaths(folders: readonly string[]): AllowedPaths {
  const roots = folders.map((folder) => {
    const real = realOrNothing(folder);
    if (real === undefined) throw new InputError('--allow-path', `there is no folder ${folder}`);
    return real;
  });
  const real = (path: string): string => {
    const found = path.startsWith('/') ? realOrNothing(path) : undefined;
    if (found !== undefined && roots.some((root) => found.startsWith(root === sep ? sep : root + sep)))
      return found;
    throw new InputError(
      'path',
      `'${path}' is in no folder that this daemon may read`,
      'start it with --allow-path <folder>, and write the whole path',
    );
  };
  return Object.freeze({ real, text: (path) => readFileSync(real(path), 'utf8') });
}

function realOrNothing(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The other hard links of a file. */
export type OtherNames = Readonly<{
  /** Paths of those in its folder. */
  here: readonly string[];
  /** Whether there are more in other folders. */
  hasMoreElsewhere: boolean;
}>;

/** The other hard links of a file; none for an absent file. */
export function otherNames(path: string): OtherNames {
  if (!existsSync(path) || statSync(path).nlink === 1) return { here: [], hasMoreElsewhere: false };
  const here = siblingPaths(path).filter((other) => isSameFile(other, path));
  return { here, hasMoreElsewhere: here.length + 1 < statSync(path).nlink };
}

/** The paths of all other entries in a file's folder. */
export function siblingPaths(path: string): readonly string[] {
  const folder = dirname(path);
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .filter((other) => other !== path);
}

export function isSameFile(one: string, other: string): boolean {
  const [a, b] = [one, other].map((path) => statSync(path, { throwIfNoEntry: false, bigint: true }));
  return a !== undefined && b !== undefined && a.ino === b.ino && a.dev === b.dev;
}

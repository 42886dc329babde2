import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** A source file; its path is relative to the root, with `/`. */
export type Source = Readonly<{ path: string; text: string }>;

/** All TypeScript and JavaScript in these folders of a root, in the order of their paths. */
export function readSources(root: string, folders: readonly string[]): readonly Source[] {
  return folders
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && /(?<!\.d)\.(ts|js|mjs)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((file) => ({
      path: relative(root, file).split(sep).join('/'),
      text: readFileSync(file, 'utf8'),
    }));
}

/** Whether a file is a test or for tests only. */
export function isTest(path: string): boolean {
  return /\.(test|conformance|fixture|testing)\.ts$/.test(path) || /(^|\/)tests\//.test(path);
}

/** Whether a path is the folder or in it. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

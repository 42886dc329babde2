import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A small disk for a test, which can be filled or made read-only. */
export type SmallDisk = Readonly<{
  folder: string;
  grow(kibibytes: number): void;
  makeReadOnly(): void;
  remove(): void;
}>;

/** Undefined if this process may not mount. */
export function mountSmallDisk(kibibytes: number): SmallDisk | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'nightshift-disk-'));
  const mount = (options: string): void => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder], { stdio: 'ignore' });
  };
  try {
    mount(`size=${kibibytes}k`);
  } catch {
    rmdirSync(folder);
    return undefined;
  }
  return Object.freeze({
    folder,
    grow: (more: number) => mount(`remount,size=${more}k`),
    makeReadOnly: () => mount('remount,ro'),
    remove: () => {
      execFileSync('umount', [folder]);
      rmdirSync(folder);
    },
  });
}

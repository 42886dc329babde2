import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** The folder above scripts/: the project's root, or dist/ if this file is compiled. */
const above = fileURLToPath(new URL('../../', import.meta.url));
export const ROOT = existsSync(join(above, 'package.json')) ? above : dirname(above);
export const PROGRAM = join(ROOT, 'dist/src/cli/main.js');
/** The name of every scenario's store in its folder. */
export const STORE = 'nightshift.db';

export function startCommand(words: readonly string[], folder: string): ChildProcess {
  const { NIGHTSHIFT_STORE: _, NIGHTSHIFT_DEBUG: __, ...env } = process.env;
  return spawn(process.execPath, [PROGRAM, ...words], {
    cwd: folder,
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

type End = Readonly<{ code: number | null; stderr: string }>;

export async function endOf(child: ChildProcess): Promise<End> {
  let stderr = '';
  child.stderr?.on('data', (text) => {
    stderr += text;
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, stderr };
}

/**
 * Runs a command to its end. Returns its duration, and for how long it held the store's lock. Throws if it
 * fails, unless its error matches `already`.
 */
export async function runCommand(words: readonly string[], folder: string, already?: RegExp) {
  const from = performance.now();
  const child = startCommand(words, folder);
  const end = endOf(child);
  const held = await holdOf(child, folder);
  const { code, stderr } = await end;
  if (code !== 0 && already?.test(stderr) !== true)
    throw new Error(`nightshift ${words.join(' ')} ended with ${code}: ${stderr}`);
  const now = performance.now();
  return { ms: now - from, heldMs: held === undefined ? undefined : now - held };
}

/** The time when the process took the store's lock; undefined if it ended without it. */
async function holdOf(child: ChildProcess, folder: string): Promise<number | undefined> {
  while (child.exitCode === null && child.signalCode === null) {
    if (existsSync(join(folder, `${STORE}.lock`))) return performance.now();
    await delay(1);
  }
  return undefined;
}

/**
 * Kills a command `ms` after it took the store's lock, or after it began. False if it had ended before.
 */
export async function killCommand(
  words: readonly string[],
  folder: string,
  { ms, afterLock }: Readonly<{ ms: number; afterLock: boolean }>,
): Promise<boolean> {
  const child = startCommand(words, folder);
  const end = endOf(child);
  if (afterLock) await holdOf(child, folder);
  await Promise.race([delay(ms), end]);
  child.kill('SIGKILL');
  return (await end).code === null;
}

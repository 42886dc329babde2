import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** Of the project, for this file as it is written and as it is built. */
const above = fileURLToPath(new URL('../../', import.meta.url));
export const ROOT = existsSync(join(above, 'package.json')) ? above : dirname(above);
export const PROGRAM = join(ROOT, 'dist/src/cli/main.js');
/** The store of every scenario, in its folder. */
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
 * Runs a command to its end; how long it ran, and for how long of it it held the store. Throws where it fails
 * without saying what `already` matches.
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

/** When it took the store's lock; undefined where it never did. */
async function holdOf(child: ChildProcess, folder: string): Promise<number | undefined> {
  while (child.exitCode === null && child.signalCode === null) {
    if (existsSync(join(folder, `${STORE}.lock`))) return performance.now();
    await delay(1);
  }
  return undefined;
}

/**
 * Kills a command so long after it took the store's lock (or after it began, where it takes none). False
 * where it had ended by then.
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

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../../dist/src/cli/main.js', import.meta.url));
/** The name of every scenario's store in its folder. */
export const STORE = 'nightshift.db';

export function startCommand(words: readonly string[], folder: string): ChildProcess {
  const { NIGHTSHIFT_STORE: _, NIGHTSHIFT_DEBUG: __, ...env } = process.env;
  return spawn(process.execPath, [program, ...words], {
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

/** Runs a command to its end. Returns its duration, and for how long it held the store's lock. Throws if it fails. */
export async function runCommand(words: readonly string[], folder: string) {
  const from = performance.now();
  const child = startCommand(words, folder);
  const end = endOf(child);
  const held = await holdOf(child, folder);
  const { code, stderr } = await end;
  if (code !== 0) throw new Error(`nightshift ${words.join(' ')} ended with ${code}: ${stderr}`);
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

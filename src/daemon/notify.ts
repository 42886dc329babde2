import { spawn } from 'node:child_process';
import { programEnvironment } from '../programs/program-environment.ts';
import type { Log } from './world.ts';

/** What to do when a plan has ended. */
export type Notifications = Readonly<{
  /** A command and its arguments. */
  onFinish: readonly string[] | undefined;
  url: URL | undefined;
}>;

const PATIENCE_MS = 60_000;

/** Runs the command and posts to the URL. A failure is written to the log only. */
export async function notify({ onFinish, url }: Notifications, summary: object, log: Log): Promise<void> {
  const text = JSON.stringify(summary);
  const told = await Promise.allSettled([
    onFinish === undefined ? undefined : tellCommand(onFinish, text),
    url === undefined ? undefined : tellUrl(url, text),
  ]);
  for (const result of told)
    if (result.status === 'rejected') log.error({ error: String(result.reason) }, 'a notification failed');
}

function tellCommand([command, ...words]: readonly string[], text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, words, {
      env: programEnvironment(),
      stdio: ['pipe', 'ignore', 'ignore'],
      timeout: PATIENCE_MS,
    });
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`${command} ended with code ${code ?? 'none'}`)),
    );
    // A command need not read its input.
    child.stdin.on('error', () => {});
    child.stdin.end(text);
  });
}

async function tellUrl(url: URL, body: string): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const answer = await fetch(url, { method: 'POST', headers, body, signal });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
}

import { spawn } from 'node:child_process';
import { InputError } from '../../search-space/input-error.ts';
import type { Log } from './world.ts';

/** What to do when a plan has ended. */
export type Notifications = Readonly<{
  /** A command and its arguments. */
  onFinish: readonly string[] | undefined;
  url: URL | undefined;
}>;

const PATIENCE_MS = 60_000;

/**
 * Splits a command line into words: blanks separate words, quotes keep them together, a backslash takes
 * the next character literally. No shell is involved. Throws InputError.
 */
export function splitCommand(text: string): readonly string[] {
  const words: string[] = [];
  const pattern = /\s*((?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*')+)\s*/gy;
  while (pattern.lastIndex < text.length) {
    const found = pattern.exec(text);
    if (found === null) throw new InputError('--on-finish', `'${text}' has a quote that is not closed`);
    words.push(found[1].replaceAll(/\\(.)|"((?:[^"\\]|\\.)*)"|'([^']*)'/g, unquoted));
  }
  if (words.length === 0) throw new InputError('--on-finish', 'is empty', 'name a command');
  return words;
}

function unquoted(_: string, escaped?: string, double?: string, single?: string): string {
  return escaped ?? double?.replaceAll(/\\(["\\])/g, '$1') ?? single ?? '';
}

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
    const child = spawn(command, words, { stdio: ['pipe', 'ignore', 'ignore'], timeout: PATIENCE_MS });
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

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NODE_FLAGS } from '../node-flags.ts';

export const BINARY = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));

export type Ended = Readonly<{ code: number | null; stdout: string; stderr: string }>;
export type Options = Readonly<{ cwd: string; env?: Readonly<Record<string, string>> }>;

/** The real binary with its streams piped. `npm test` builds it first. */
export function start(words: readonly string[], { cwd, env = {} }: Options): ChildProcess {
  const { NIGHTSHIFT_STORE: _, NIGHTSHIFT_DEBUG: __, ...rest } = process.env;
  return spawn(process.execPath, [...NODE_FLAGS, BINARY, ...words], { cwd, env: { ...rest, ...env } });
}

export async function ended(child: ChildProcess): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, stdout, stderr };
}

/** Runs one command line, whose words are separated by blanks and have no quotes. */
export function nightshift(line: string, options: Options): Promise<Ended> {
  return ended(start(line.split(' ').filter(Boolean), options));
}

/** The folder of a test file, with a store that its tests may share. */
export function temporaryFolder(): Readonly<{ path: string; remove(): void }> {
  const path = mkdtempSync(join(tmpdir(), 'nightshift-cli-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Resolves when the text is on stderr; fails if the child ends first. */
export function untilSaid(child: ChildProcess, text: RegExp): Promise<void> {
  let said = '';
  return new Promise((resolve, reject) => {
    child.stderr?.on('data', (piece) => {
      said += piece;
      if (text.test(said)) resolve();
    });
    child.on('close', () => reject(new Error(`ended before it said ${text}: ${said}`)));
  });
}

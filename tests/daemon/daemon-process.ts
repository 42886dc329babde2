import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { type RequestOptions, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { currentWriter } from '../../store/writer-lock.ts';
import { NODE_FLAGS } from '../node-flags.ts';

export const program = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));

/** The real program, which must have been compiled; `npm test` does that first. */

/** A folder that is removed after the test. */
export function testFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'nightshift-daemon-'));
  // Programs of killed processes may still write there.
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }));
  return folder;
}

export type Answer = Readonly<{ status: number; body: unknown; headers: Readonly<Record<string, unknown>> }>;

/** A real daemon in its own process. */
export class DaemonProcess {
  readonly child: ChildProcess;
  readonly store: string;
  readonly #ended: Promise<number | NodeJS.Signals | null>;
  stderr = '';

  constructor(store: string, words: readonly string[], env: Readonly<Record<string, string>>) {
    this.store = store;
    this.child = spawn(process.execPath, [...NODE_FLAGS, program, 'daemon', '--store', store, ...words], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.child.stderr?.on('data', (chunk: Buffer) => {
      this.stderr += chunk;
    });
    this.#ended = new Promise((resolve) => this.child.on('close', (code, signal) => resolve(code ?? signal)));
    onTestFinished(async () => {
      this.child.kill('SIGKILL');
      await this.#ended;
    });
  }

  /** Starts a daemon and waits until it answers. */
  static async start(
    store: string,
    words: readonly string[] = ['--listen', '127.0.0.1:0'],
    env: Readonly<Record<string, string>> = {},
  ): Promise<DaemonProcess> {
    const daemon = new DaemonProcess(store, words, env);
    while (!daemon.stderr.includes('"msg":"listening"')) {
      if (daemon.child.exitCode !== null) throw new Error(daemon.stderr);
      await pause(10);
    }
    return daemon;
  }

  get listen(): string {
    const listen = currentWriter(this.store)?.listen;
    if (listen === undefined) throw new Error('no daemon holds the store');
    return listen;
  }

  /** Sends a signal; resolves to its exit code, or the signal that ended it. */
  end(signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null> {
    this.child.kill(signal);
    return this.#ended;
  }

  ended(): Promise<number | NodeJS.Signals | null> {
    return this.#ended;
  }

  get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.ask('GET', path, undefined, headers);
  }

  post(path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.ask('POST', path, body, headers);
  }

  /** Posts a body, and breaks the connection off after `meanwhile`. */
  async leave(path: string, body: unknown, meanwhile: () => Promise<unknown>): Promise<void> {
    const headers = { 'content-type': 'application/json' };
    const sent = request({ ...this.#where(), method: 'POST', path, headers });
    const closed = new Promise((resolve) => sent.on('close', resolve));
    sent.on('error', () => {});
    sent.end(JSON.stringify(body));
    await meanwhile();
    sent.destroy();
    await closed;
  }

  #where(): RequestOptions {
    const { listen } = this;
    return listen.startsWith('unix:')
      ? { socketPath: listen.slice(5) }
      : { host: listen.split(':')[0], port: Number(listen.split(':')[1]) };
  }

  ask(method: string, path: string, body: unknown, given: Readonly<Record<string, string>>): Promise<Answer> {
    const where = this.#where();
    const text = body === undefined ? undefined : JSON.stringify(body);
    const headers = { ...(text !== undefined && { 'content-type': 'application/json' }), ...given };
    return new Promise((resolve, reject) => {
      const sent = request({ ...where, method, path, headers }, (answer) => {
        let received = '';
        answer.on('data', (chunk: Buffer) => {
          received += chunk;
        });
        answer.on('error', reject);
        answer.on('end', () => {
          const isJson = String(answer.headers['content-type']).includes('json');
          const document: unknown = isJson ? JSON.parse(received) : received;
          resolve({ status: answer.statusCode ?? 0, body: document, headers: answer.headers });
        });
      });
      sent.on('error', reject);
      sent.end(text);
    });
  }
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

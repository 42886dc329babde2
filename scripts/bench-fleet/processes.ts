import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));
const boardProgram = fileURLToPath(new URL('./board.js', import.meta.url));

/** Processes that end with the bench. */
export class Processes {
  readonly #children: ChildProcess[] = [];

  /** A Redis without persistence on a free port: its address. */
  async redis(): Promise<string> {
    const port = await freePort();
    await this.#start(
      'redis-server',
      ['--port', `${port}`, '--save', '', '--appendonly', 'no'],
      'Ready to accept',
    );
    return `redis://127.0.0.1:${port}`;
  }

  /** A worker whose samples take so many milliseconds; their times are how long that was, or never vary. */
  async board(url: string, device: string, sleepMs: number, times: 'slept' | 'fixed'): Promise<void> {
    await this.#start(process.execPath, [boardProgram, url, device, `${sleepMs}`, times], 'is ready');
  }

  async nightshift(words: readonly string[], ready: string): Promise<ChildProcess> {
    return this.#start(process.execPath, [program, ...words], ready);
  }

  async end(): Promise<void> {
    for (const child of this.#children.splice(0).reverse()) {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      if (child.exitCode === null && child.kill('SIGKILL')) await ended;
    }
  }

  #start(command: string, words: readonly string[], ready: string): Promise<ChildProcess> {
    const child = spawn(command, [...words], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#children.push(child);
    return new Promise((resolve, reject) => {
      let said = '';
      const hear = (chunk: Buffer): void => {
        said += chunk;
        if (said.includes(ready)) resolve(child);
      };
      child.stdout.on('data', hear);
      child.stderr.on('data', hear);
      child.once('error', reject);
      child.once('exit', () => reject(new Error(`${command} ended: ${said}`)));
    });
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') return reject(new Error('no port'));
      server.close(() => resolve(address.port));
    });
  });
}

import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { currentWriter } from '../../store/writer-lock.ts';

const program = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));

export type Answer = Readonly<{ status: number; bytes: number; text: string; ms: number }>;

export type BenchDaemon = Readonly<{
  /** The beginning of its pages' addresses. */
  address: string;
  /** Sends a request and reads the whole answer. Times in milliseconds. */
  ask(method: string, path: string, body?: unknown): Promise<Answer>;
  /** The processor time of all its threads until now, in ms; 0 without /proc. */
  cpuMs(): number;
  end(): Promise<void>;
}>;

const TICK_MS = 10;

function cpuMsOf(pid: number | undefined): number {
  const path = `/proc/${pid}/stat`;
  if (!existsSync(path)) return 0;
  // After the name, which may contain anything, utime and stime are the 12th and 13th fields.
  const fields = readFileSync(path, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** Starts the real daemon in its own process, with this store. */
export async function startDaemon(store: string): Promise<BenchDaemon> {
  const words = [program, 'daemon', '--store', store, '--listen', '127.0.0.1:0', '--quiet'];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = new Promise((resolve) => child.on('close', resolve));
  const agent = new Agent({ keepAlive: true });
  const listen = (): string | undefined => currentWriter(store)?.listen;
  while (listen() === undefined) {
    if (child.exitCode !== null) throw new Error(`the daemon ended with ${child.exitCode}`);
    await delay(20);
  }
  const [host, port] = (listen() ?? '').split(':');
  const ask: BenchDaemon['ask'] = (method, path, body) =>
    new Promise((resolve, reject) => {
      const from = performance.now();
      const headers = { ...(body !== undefined && { 'content-type': 'application/json' }) };
      const sent = request({ host, port, agent, method, path, headers }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () => {
          const whole = Buffer.concat(chunks);
          const ms = performance.now() - from;
          resolve({ status: answer.statusCode ?? 0, bytes: whole.length, text: whole.toString(), ms });
        });
      });
      sent.on('error', reject);
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    });
  const end = async (): Promise<void> => {
    agent.destroy();
    child.kill('SIGTERM');
    await ended;
  };
  for (;;) {
    if (
      await ask('GET', '/healthz').then(
        () => true,
        () => false,
      )
    )
      return { address: `http://${host}:${port}`, ask, cpuMs: () => cpuMsOf(child.pid), end };
    await delay(20);
  }
}

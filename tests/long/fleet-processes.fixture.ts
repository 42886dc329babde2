import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { pause, program } from '../daemon/daemon-process.ts';
import { NODE_FLAGS } from '../node-flags.ts';

/** Whether this machine has a redis-server; without one the tests of the fleet are skipped, and say so. */
export const hasRedis = ((): boolean => {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

/** A process with what it says. */
export class Running {
  readonly child: ChildProcess;
  readonly ended: Promise<number | NodeJS.Signals | null>;
  said = '';

  constructor(command: string, words: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.child = spawn(command, [...words], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
    const hear = (chunk: Buffer): void => {
      this.said += chunk;
    };
    this.child.stdout?.on('data', hear);
    this.child.stderr?.on('data', hear);
    this.ended = new Promise((resolve) => this.child.on('close', (code, signal) => resolve(code ?? signal)));
    onTestFinished(async () => {
      this.child.kill('SIGCONT');
      this.child.kill('SIGKILL');
      await this.ended;
    });
  }

  async says(text: string): Promise<void> {
    await until(() => {
      if (this.child.exitCode !== null && !this.said.includes(text)) throw new Error(this.said);
      return this.said.includes(text);
    });
  }

  /** Ends it at once, as a machine that fails. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }
}

export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await pause(50);
}

/** A Redis without persistence, on a port of its own. */
export async function startRedis(port: number, words: readonly string[] = []): Promise<Running> {
  const redis = new Running('redis-server', [
    '--port',
    `${port}`,
    '--save',
    '',
    '--appendonly',
    'no',
    ...words,
  ]);
  await redis.says('Ready to accept connections');
  return redis;
}

export function nightshiftProcess(
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Running {
  return new Running(process.execPath, [...NODE_FLAGS, program, ...words], env);
}

/** A board: its program notes on the device's side when it begins and ends, and whether another one runs. */
export type Board = Readonly<{
  words: readonly string[];
  env: Readonly<Record<string, string>>;
  log: string;
}>;

/** Boards of one kind, which run the same program. */
export function boards(folder: string, names: readonly string[], seconds: number): readonly Board[] {
  const script = join(folder, 'measure.sh');
  const space = join(folder, 'space.json');
  const values = [1, 2, 3, 4, 5, 6, 7, 8];
  const parameters = [
    { name: 'tile', values },
    { name: 'unroll', values },
  ];
  writeFileSync(space, JSON.stringify({ name: 'my-kernel', parameters }));
  const lines = [
    '#!/bin/sh',
    // The system releases it when the last process of the program has ended, however that ended.
    'exec 9>"$BOARD_LOG.lock"',
    'flock -n 9 || echo overlap >> "$BOARD_LOG"',
    'echo begin >> "$BOARD_LOG"',
    `sleep ${seconds}`,
    'echo end >> "$BOARD_LOG"',
    '[ -z "$BOARD_IS_BROKEN" ] || exit 3',
    'echo $(( 100 + $1 * 10 + $2 ))',
  ];
  writeFileSync(script, `${lines.join('\n')}\n`);
  chmodSync(script, 0o755);
  const words = ['--space', space, '--', script, '{tile}', '{unroll}'];
  return names.map((name) => {
    const log = join(folder, `${name}.log`);
    writeFileSync(log, '');
    return { words, log, env: { BOARD_LOG: log } };
  });
}

/** What a device's log says: its executions, and how often one began while another one ran. */
export function executions(log: string): Readonly<{ begun: number; ended: number; overlaps: number }> {
  const lines = readFileSync(log, 'utf8').split('\n');
  const count = (what: string): number => lines.filter((line) => line === what).length;
  return { begun: count('begin'), ended: count('end'), overlaps: count('overlap') };
}

/** A network that can be cut: connections to `port` of this machine through another port. */
export async function cuttable(port: number): Promise<Readonly<{ port: number; cut(): void; mend(): void }>> {
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((near) => {
    if (isCut) return void near.destroy();
    const far = connect(port, '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        near.destroy();
        far.destroy();
        sockets.delete(socket);
      });
    }
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    cut: () => {
      isCut = true;
      for (const socket of sockets) socket.destroy();
    },
    mend: () => {
      isCut = false;
    },
  };
}

/** An authority of one's own, and what it has certified for this machine: files in the folder. */
export function certificates(folder: string): Readonly<{ authority: string; words: readonly string[] }> {
  const file = (name: string): string => join(folder, name);
  const run = (...words: readonly string[]): void =>
    void execFileSync('openssl', [...words], { cwd: folder, stdio: 'ignore' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  run('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=test', '-days', '2');
  run('req', ...key, '-keyout', 'own.key', '-out', 'own.csr', '-subj', '/CN=localhost');
  writeFileSync(file('names'), 'subjectAltName=DNS:localhost,IP:127.0.0.1');
  const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'names'];
  run('x509', '-req', '-in', 'own.csr', '-out', 'own.pem', ...signed);
  const certificate = ['--tls-cert-file', file('own.pem'), '--tls-key-file', file('own.key')];
  const authority = file('ca.pem');
  return { authority, words: [...certificate, '--tls-ca-cert-file', authority, '--tls-auth-clients', 'no'] };
}

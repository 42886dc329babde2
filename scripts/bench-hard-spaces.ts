// The latency of the real daemon while harnesses open studies with hard spaces, one after the other.
// `npm run bench:hard-spaces`.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type DaemonClient, daemonOf } from '../src/http/client.ts';

const AIM_MS = 50;
const PAUSE_MS = 10;
const IDLE = 300;
const QUESTIONS = ['/v1/plans', '/v1/studies', '/v1/best?kernel=gelu&shape=2%5E20&target=hexagon-v75'];

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i + 1);
const named = (count: number, values: readonly number[]) =>
  Array.from({ length: count }, (_, i) => ({ name: `p${i}`, values }));
const joined = (count: number, sign: string): string =>
  Array.from({ length: count }, (_, i) => `p${i}`).join(` ${sign} `);

const SPACES: Readonly<Record<string, object>> = {
  '32 parameters of 8 values, sum == 45': {
    parameters: named(32, upTo(8)),
    constraints: [`${joined(32, '+')} == 45`],
  },
  'a list of 100,000 values': { parameters: named(1, upTo(100_000)) },
  '3 parameters of 1,000 values, product % 1009 == 1': {
    parameters: named(3, upTo(1000)),
    constraints: ['p0 * p1 * p2 % 1009 == 1'],
  },
  '40 parameters of 32 values, product <= 1000': {
    parameters: named(40, upTo(32)),
    constraints: [`${joined(40, '*')} <= 1000`],
  },
  'too hard: p0 * p1 == p2 * p3 of 1,000 values': {
    parameters: named(4, upTo(1000)),
    constraints: ['p0 * p1 == p2 * p3'],
  },
};

const folder = mkdtempSync(join(tmpdir(), 'nightshift-bench-'));
const store = join(folder, 'nightshift.db');
const program = fileURLToPath(new URL('../src/cli/main.js', import.meta.url));
const words = [program, 'daemon', '--store', store, '--listen', '127.0.0.1:0', '--quiet'];
const child = spawn(process.execPath, words, { stdio: ['ignore', 'inherit', 'inherit'] });

try {
  await measure(await started());
} finally {
  child.kill('SIGTERM');
  await new Promise((resolve) => child.once('exit', resolve));
  rmSync(folder, { recursive: true });
}

async function started(): Promise<DaemonClient> {
  for (;;) {
    const daemon = daemonOf(store, undefined);
    const answers = await daemon?.get('/healthz').then(
      () => true,
      () => false,
    );
    if (daemon !== undefined && answers === true) return daemon;
    await delay(50);
  }
}

async function measure(daemon: DaemonClient): Promise<void> {
  // Worker threads start at their first request.
  for (const path of QUESTIONS) await daemon.get(path);
  console.log(`load ${loadavg()[0].toFixed(1)} on ${availableParallelism()} cores`);
  const idle: number[] = [];
  for (let i = 0; i < IDLE; i++) idle.push(await latencyOf(daemon, i));
  console.log(`answers while nothing is built: ${figures(idle)}`);
  const all: number[] = [];
  for (const [what, space] of Object.entries(SPACES)) {
    const latencies: number[] = [];
    let isOpen = true;
    const began = performance.now();
    const opening = open(daemon, space).finally(() => {
      isOpen = false;
    });
    for (let i = 0; isOpen; i++) {
      latencies.push(await latencyOf(daemon, i));
    }
    const said = await opening;
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    console.log(`${what}: ${said} after ${seconds} s; answers meanwhile: ${figures(latencies)}`);
    all.push(...latencies);
  }
  console.log(`answers while spaces are built: ${figures(all)} (aim: p99 under ${AIM_MS} ms)`);
  const metrics = String(await daemon.get('/metrics'));
  const delays = [...metrics.matchAll(/loop_delay_seconds\{quantile="([\d.]+)"\} ([\d.e-]+)/g)];
  console.log(
    `delay of the daemon's event loop: ${delays.map(([, q, s]) => `p${100 * Number(q)} ${(1000 * Number(s)).toFixed(1)} ms`).join(', ')}`,
  );
}

async function latencyOf(daemon: DaemonClient, number: number): Promise<number> {
  const asked = performance.now();
  await daemon.get(QUESTIONS[number % QUESTIONS.length]);
  const latency = performance.now() - asked;
  await delay(PAUSE_MS);
  return latency;
}

function open(daemon: DaemonClient, space: object): Promise<string> {
  const study = { kernel: { name: 'hard' }, target: { name: 'board' }, space };
  return daemon.post('/v1/studies', study).then(
    () => 'opened',
    (error: unknown) => `refused (${error instanceof Error ? error.message.slice(0, 60) : error}…)`,
  );
}

function figures(latencies: readonly number[]): string {
  const sorted = [...latencies].sort((a, b) => a - b);
  const at = (share: number): string => `${sorted[Math.floor(share * (sorted.length - 1))].toFixed(1)} ms`;
  return `${sorted.length}, median ${at(0.5)}, p99 ${at(0.99)}, longest ${at(1)}`;
}

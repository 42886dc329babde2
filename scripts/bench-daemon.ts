// A soak test of the real daemon: runs simulator trials and measures memory, latencies and the event loop.
//   npm run bench:daemon -- [trials, 100000] [strategy]
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { resolveKernel } from '../src/ask/resolve-kernel.ts';
import { type DaemonClient, daemonOf } from '../src/http/client.ts';
import { loadTarget } from '../src/targets/npu/machine/load.ts';
import { simulateKernel } from '../src/targets/npu/simulator/simulate.ts';
import { buildSpace } from '../src/targets/npu/space/space.ts';

const TRIALS = Number(process.argv[2] ?? 100_000);
const STRATEGY = process.argv[3] ?? 'random';
const A_STUDY = 2500;
const SHAPES = ['2^20', '2^22'];
const TARGET = 'hexagon-v75';

const folder = mkdtempSync(join(tmpdir(), 'nightshift-bench-'));
const store = join(folder, 'nightshift.db');
const program = fileURLToPath(new URL('../src/cli/main.js', import.meta.url));
const probe = new URL('./bench-daemon/heap-probe.js', import.meta.url).href;
const words = ['--import', probe, program, 'daemon', '--store', store, '--listen', '127.0.0.1:0', '--quiet'];
const child = spawn(process.execPath, words, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });

const plans = z.array(z.object({ state: z.string(), studies: z.array(z.object({ state: z.string() })) }));
const studies = z.array(z.object({ trials: z.number() }));
const heap = z.object({ thread: z.enum(['main', 'study']), mebibytes: z.number() });
/** Garbage collections over the soak test. They delay answers, so no request is sent during one. */
const COLLECTIONS = 16;
const COLLECTING_MS = 400;

try {
  await soak(await started());
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

async function soak(daemon: DaemonClient): Promise<void> {
  const seeds = Math.ceil(TRIALS / (A_STUDY * SHAPES.length));
  const trials = seeds * A_STUDY * SHAPES.length;
  for (let seed = 1; seed <= seeds; seed++) await daemon.post('/v1/plans', { plan: planOf(seed) });
  const began = performance.now();
  const cpuBegan = processorMs(daemon.pid);
  const resident: number[] = [];
  const held: Record<'main' | 'study', number[]> = { main: [], study: [] };
  let collections = 0;
  child.on('message', (message) => {
    const { thread, mebibytes } = heap.parse(message);
    held[thread].push(mebibytes);
  });
  const latencies: number[] = [];
  for (let settled = 0; settled < trials; ) {
    for (let i = 0; i < 20; i++) {
      latencies.push(
        await latencyOf(
          daemon,
          i % 2 === 0 ? '/v1/plans?active=true' : `/v1/best?kernel=gelu&shape=2%5E20&target=${TARGET}`,
        ),
      );
      await delay(25);
    }
    settled = studies.parse(await daemon.get('/v1/studies')).reduce((sum, study) => sum + study.trials, 0);
    resident.push(residentMebibytes(daemon.pid));
    if (settled < (collections * trials) / COLLECTIONS) continue;
    collections++;
    child.send('collect');
    await delay(COLLECTING_MS);
  }
  while (plans.parse(await daemon.get('/v1/plans')).some(({ state }) => state === 'active')) await delay(50);
  const seconds = (performance.now() - began) / 1000;
  const cpuMs = processorMs(daemon.pid) - cpuBegan;
  const metrics = String(await daemon.get('/metrics'));
  report({
    trials,
    seconds,
    cpuMs,
    simulateMs: await simulatorMs(),
    memory: { resident, ...held },
    latencies,
    metrics,
  });
}

function planOf(seed: number): object {
  return {
    seed,
    strategy: STRATEGY,
    targets: [TARGET],
    studies: [{ kernel: 'gelu', shapes: SHAPES }],
    budget: { trials: A_STUDY },
    done: { gain: 0.01, trials: 1_000_000 },
  };
}

async function latencyOf(daemon: DaemonClient, path: string): Promise<number> {
  const began = performance.now();
  await daemon.get(path);
  return performance.now() - began;
}

function residentMebibytes(pid: number): number {
  const [, kibibytes] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kibibytes) / 1024;
}

/** The processor time of a process until now, over all its threads, in ms. */
function processorMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return 10 * (Number(fields[11]) + Number(fields[12]));
}

/** The simulator's processor time per trial, in ms, to be subtracted from the daemon's. */
async function simulatorMs(): Promise<number> {
  const machine = loadTarget(TARGET);
  const { kernel } = await resolveKernel({ kernel: { kind: 'named', name: 'gelu' }, shape: SHAPES[0] });
  const space = buildSpace(kernel, machine);
  const count = 2000;
  const began = process.cpuUsage();
  for (let i = 0; i < count; i++)
    simulateKernel(kernel, machine, space.at(Math.floor((i * space.size) / count)));
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1000 / count;
}

type Soak = Readonly<{
  trials: number;
  seconds: number;
  cpuMs: number;
  simulateMs: number;
  /** In MiB: resident memory of the process, and the heap of its threads after a collection. */
  memory: Readonly<Record<'resident' | 'main' | 'study', readonly number[]>>;
  latencies: readonly number[];
  metrics: string;
}>;

function report({ trials, seconds, cpuMs, simulateMs, memory, latencies, metrics }: Soak): void {
  const sorted = [...latencies].sort((a, b) => a - b);
  const at = (share: number): string => `${sorted[Math.floor(share * (sorted.length - 1))].toFixed(1)} ms`;
  const delays = [...metrics.matchAll(/loop_delay_seconds\{quantile="([\d.]+)"\} ([\d.e-]+)/g)];
  console.log(`${trials} simulator trials, strategy ${STRATEGY}, load ${loadavg()[0].toFixed(1)} on ${availableParallelism()} cores
${(trials / seconds).toFixed(0)} trials/s over ${seconds.toFixed(1)} s
processor time a trial: ${(cpuMs / trials).toFixed(3)} ms, of which simulator ${simulateMs.toFixed(3)}; own ${(cpuMs / trials - simulateMs).toFixed(3)} (aim: under 0.5)
answers while studies run (${latencies.length}): median ${at(0.5)}, p99 ${at(0.99)}, longest ${at(1)} (aim: p99 under 50 ms)
event loop delay: ${delays.map(([, q, s]) => `p${100 * Number(q)} ${(1000 * Number(s)).toFixed(1)} ms`).join(', ')}
memory by quarter of the soak: ${byQuarter(memory.resident, 0)} MiB resident
heap after a collection: ${byQuarter(memory.main, 1)} MiB by the daemon, ${byQuarter(memory.study, 1)} by its studies' threads (a leak would grow here)`);
}

/** The mean of each quarter. */
function byQuarter(values: readonly number[], digits: number): string {
  const quarters = [0, 1, 2, 3].map((n) =>
    values.slice((n * values.length) >> 2, ((n + 1) * values.length) >> 2),
  );
  const mean = (part: readonly number[]): number => part.reduce((sum, value) => sum + value, 0) / part.length;
  return quarters.map((part) => (part.length === 0 ? '–' : mean(part).toFixed(digits))).join(', ');
}

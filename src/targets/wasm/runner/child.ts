import { closeSync, openSync, readlinkSync, readSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { Executor } from './executor.ts';
import { hasRelaxedSimd } from './features.ts';
import { measureLimits } from './limits.ts';
import type { RunnerAnswer, RunnerRequest, RunnerSetup } from './messages.ts';
import type { WorkerSetup } from './worker-loop.ts';

/**
 * The runner's process: the only one in which variants run. It answers one request at a time and
 * ends with its parent. It hears from nightshift alone, whose types it trusts: to load a package of schemas would take
 * longer than all else at its start.
 */
let executor: Executor | undefined;
let schedules: readonly number[] = [];

process.on('message', (message) => {
  if (!isRequest(message)) throw new Error('nightshift sent no request');
  void handle(message);
});
process.on('disconnect', () => process.exit());
endWithParent();
answer(0, {
  kind: 'hello',
  node: process.versions.node,
  v8: process.versions.v8,
  relaxedSimd: hasRelaxedSimd(),
});

/** A thread of its own looks for the parent: this one may be in a variant that never returns. */
function endWithParent(): void {
  new Worker(new URL('./parent-watch.js', import.meta.url), { workerData: process.ppid }).unref();
}

function isRequest(message: unknown): message is RunnerRequest {
  return typeof message === 'object' && message !== null && 'kind' in message && 'sequence' in message;
}

async function handle(request: RunnerRequest): Promise<void> {
  try {
    answer(request.sequence, await respond(request));
  } catch (error) {
    const what = error instanceof WebAssembly.CompileError ? 'compile' : 'runtime';
    const message = error instanceof Error ? error.message : String(error);
    answer(request.sequence, { kind: 'failed', what, message });
  }
}

async function respond(request: RunnerRequest): Promise<RunnerAnswer> {
  if (request.kind === 'setup') {
    executor = await open(request.setup);
    return { kind: 'done' };
  }
  if (request.kind === 'limits') return { kind: 'limits', ...measureLimits(request.bytes, microseconds) };
  if (executor === undefined) throw new Error('the runner has not been set up');
  switch (request.kind) {
    case 'load':
      executor.load(request.placement);
      return { kind: 'done' };
    case 'verify': {
      const wrong = executor.verify(request.id);
      return wrong === undefined
        ? { kind: 'right', digest: executor.digest() }
        : { kind: 'wrong', message: wrong };
    }
    case 'read':
      return { kind: 'bytes', bytes: executor.read(request.operand) };
    case 'sample':
      return { kind: 'time', ...executor.sample(request.id) };
    case 'forget':
      executor.pool.forget(request.id);
      return { kind: 'done' };
  }
}

/** Memory is allocated and filled, and every worker waits for tasks. */
async function open(setup: RunnerSetup): Promise<Executor> {
  const { pages, workers, scratch, operands } = setup;
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const threads = await Promise.all(
    Array.from({ length: workers }, (_, worker) =>
      start({ memory, worker, addresses: { scratch, operands } }),
    ),
  );
  for (const file of schedules) closeSync(file);
  schedules = [thisThread(), ...threads].map((thread) => openSync(`/proc/${thread}/schedstat`, 'r'));
  return new Executor(memory, setup, { clock: microseconds, waits });
}

/** The worker's own path under /proc, once it is about to wait. */
function start(workerData: WorkerSetup): Promise<string> {
  const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData });
  worker.unref();
  return new Promise<string>((resolve, reject) => {
    worker.once('message', (path) => resolve(String(path)));
    worker.once('error', reject);
  });
}

function microseconds(): number {
  return Number(process.hrtime.bigint()) / 1000;
}

function thisThread(): string {
  return readlinkSync('/proc/thread-self');
}

const text = Buffer.alloc(64);

/** The second field of schedstat: nanoseconds spent waiting on a run queue. */
function waits(): readonly number[] {
  return schedules.map((file) => {
    const length = readSync(file, text, 0, text.length, 0);
    return Number(text.toString('latin1', 0, length).split(' ')[1]);
  });
}

function answer(sequence: number, given: RunnerAnswer): void {
  process.send?.({ sequence, answer: given }, () => {});
}

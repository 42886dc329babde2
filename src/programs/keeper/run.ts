import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { lastLine } from '../../text/last-line.ts';
import type { Execution } from '../execution.ts';
import { firstErrorIn } from './first-error.ts';

export type RunOptions = Readonly<{
  timeoutMs: number;
  signal: AbortSignal;
  environment: Readonly<Record<string, string | undefined>>;
  /** Ends the program's remaining processes and returns their names. */
  endRest: () => Promise<readonly string[]>;
}>;

/** How a program ended; if it ended by itself, also the names of the processes that it left behind. */
export type Ended = Readonly<{ execution: Execution; leftBehind: readonly string[] }>;

/** Of a stream, the beginning has a compiler's first error, and the end has the time. */
const KEPT_CHARACTERS = 65_536;
/** The time from SIGTERM to SIGKILL, and the time for which an ended program's pipes may stay open. */
const GRACE_MS = 1_000;
const DRAIN_MS = 200;
/** Without /proc, only the program's process group can be ended. */
const HAS_PROC = existsSync('/proc/self/stat');

/**
 * Executes words without a shell, in a new session. However the program ends, all its descendants are
 * ended, so that none runs during the next measurement.
 */
export async function run(words: readonly string[], options: RunOptions): Promise<Ended> {
  const { timeoutMs, signal, environment, endRest } = options;
  if (signal.aborted) return { execution: { state: 'aborted' }, leftBehind: [] };
  const began = performance.now();
  const child = started(words, environment);
  if (child instanceof Error) return { execution: unstartable(child), leftBehind: [] };
  const [output, complaint] = [keepEnds(child.stdout), keepEnds(child.stderr)];
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const cut = cutShort(child, timeoutMs, signal);
  const end = await endOf(child, began);
  cut.stop();
  if (end.state === 'unstartable') return { execution: end, leftBehind: [] };
  if (!HAS_PROC) endGroup(child, 'SIGKILL');
  const leftBehind = await endRest();
  await drained(child, closed);
  if (cut.why !== undefined) return { execution: { state: cut.why }, leftBehind: [] };
  const said = lastLine(complaint.last());
  if (end.state === 'killed') return { execution: { ...end, complaint: said }, leftBehind };
  const firstError = firstErrorIn(complaint.first()) || firstErrorIn(output.first());
  return { execution: { ...end, complaint: said, firstError, output: output.last() }, leftBehind };
}

/** spawn throws for a word with a NUL or too many words; it reports other errors as events. */
function started(words: readonly string[], env: RunOptions['environment']) {
  try {
    return spawn(words[0], words.slice(1), {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...env },
    });
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function unstartable({ message }: Error): Extract<Execution, { state: 'unstartable' }> {
  return { state: 'unstartable', complaint: message };
}

type End =
  | Readonly<{ state: 'unstartable'; complaint: string }>
  | Readonly<{ state: 'killed'; signal: string }>
  | Readonly<{ state: 'exited'; code: number; elapsedMs: number }>;

function endOf(child: ChildProcess, began: number): Promise<End> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(unstartable(error)));
    child.once('exit', (code, killer) => {
      const elapsedMs = performance.now() - began;
      if (code === null) resolve({ state: 'killed', signal: killer ?? 'a signal' });
      else resolve({ state: 'exited', code, elapsedMs });
    });
  });
}

/** Ends a program at its time-out or when the signal aborts: with SIGTERM, then with SIGKILL. */
function cutShort(child: ChildProcess, timeoutMs: number, signal: AbortSignal) {
  const state: { why: 'timeout' | 'aborted' | undefined; stop(): void } = { why: undefined, stop };
  let grace: NodeJS.Timeout | undefined;
  const end = (why: 'timeout' | 'aborted'): void => {
    state.why ??= why;
    endGroup(child, 'SIGTERM');
    grace ??= setTimeout(() => {
      child.kill('SIGKILL');
      if (!HAS_PROC) endGroup(child, 'SIGKILL');
    }, GRACE_MS);
  };
  const timer = setTimeout(() => end('timeout'), timeoutMs);
  const abort = (): void => end('aborted');
  signal.addEventListener('abort', abort, { once: true });
  function stop(): void {
    clearTimeout(timer);
    clearTimeout(grace);
    signal.removeEventListener('abort', abort);
  }
  return state;
}

/** The beginning and the end of what a stream says. */
function keepEnds(stream: NodeJS.ReadableStream): Readonly<{ first(): string; last(): string }> {
  let first = '';
  let last = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    if (first.length < KEPT_CHARACTERS) first = (first + text).slice(0, KEPT_CHARACTERS);
    last = (last + text).slice(-KEPT_CHARACTERS);
  });
  return { first: () => first, last: () => last };
}

/** Waits for output still in the pipes, but not long: a kept process may hold them open for ever. */
async function drained(child: ChildProcess, closed: Promise<void>): Promise<void> {
  const late = setTimeout(() => {
    child.stdout?.destroy();
    child.stderr?.destroy();
  }, DRAIN_MS);
  await closed;
  clearTimeout(late);
}

function endGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is empty, or belongs to another user (sudo).
  }
}

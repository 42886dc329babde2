import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { lastLine } from '../../../text/last-line.ts';
import type { Execution } from '../execution.ts';

export type RunOptions = Readonly<{
  timeoutMs: number;
  signal: AbortSignal;
  environment: Readonly<Record<string, string | undefined>>;
  /** Ends all that the program left. */
  endRest: () => Promise<readonly string[]>;
}>;

/** What became of a program, and the names of the processes that it left behind when it ended by itself. */
export type Ended = Readonly<{ execution: Execution; leftBehind: readonly string[] }>;

/** The end of a stream that is kept: the time stands in its last line. */
const KEPT_CHARACTERS = 65_536;
/** How long a program may tidy up after SIGTERM, and a closed program's pipes may stay open. */
const GRACE_MS = 1_000;
const DRAIN_MS = 200;
/** Without it nobody can be looked for: the program's process group is all that is known. */
const HAS_PROC = existsSync('/proc/self/stat');

/**
 * Executes words without a shell, in a session of their own. Whatever ends the program, all that it
 * started ends with it: no measurement leaves something running beside the next.
 */
export async function run(words: readonly string[], options: RunOptions): Promise<Ended> {
  const { timeoutMs, signal, environment, endRest } = options;
  if (signal.aborted) return { execution: { state: 'aborted' }, leftBehind: [] };
  const began = performance.now();
  const child = started(words, environment);
  if (child instanceof Error) return { execution: unstartable(child), leftBehind: [] };
  const [output, complaint] = [keepEnd(child.stdout), keepEnd(child.stderr)];
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const cut = cutShort(child, timeoutMs, signal);
  const end = await endOf(child, began);
  cut.stop();
  if (end.state === 'unstartable') return { execution: end, leftBehind: [] };
  if (!HAS_PROC) endGroup(child, 'SIGKILL');
  const leftBehind = await endRest();
  await drained(child, closed);
  if (cut.why !== undefined) return { execution: { state: cut.why }, leftBehind: [] };
  const said = lastLine(complaint());
  const execution: Execution =
    end.state === 'killed' ? { ...end, complaint: said } : { ...end, complaint: said, output: output() };
  return { execution, leftBehind };
}

/** What is wrong with a word or too much of them is thrown at once; all else comes as an event. */
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

/** Ends a program after its time, or when somebody asks for it: politely first, then with all that it started. */
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

function keepEnd(stream: NodeJS.ReadableStream): () => string {
  let kept = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    kept = (kept + text).slice(-KEPT_CHARACTERS);
  });
  return () => kept;
}

/** What the program wrote may still be on its way; one that may go on may hold the pipe for ever. */
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
    // Nobody is left in the group, or it belongs to somebody else (sudo).
  }
}

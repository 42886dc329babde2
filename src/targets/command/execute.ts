import { type ChildProcess, spawn } from 'node:child_process';

/** How an execution of the user's program ended. Times in milliseconds. */
export type Execution =
  | Readonly<{ state: 'exited'; code: number; output: string; complaint: string; elapsedMs: number }>
  | Readonly<{ state: 'killed'; signal: string; complaint: string }>
  | Readonly<{ state: 'unstartable'; complaint: string }>
  | Readonly<{ state: 'timeout' }>
  | Readonly<{ state: 'aborted' }>;

export type ExecutionLimits = Readonly<{
  timeoutMs: number;
  signal: AbortSignal;
  /** Milliseconds that never go back. */
  elapsed: () => number;
}>;

/** The end of a stream that is kept: the time stands in its last line. */
const KEPT_CHARACTERS = 65_536;
/** How long a program may tidy up after SIGTERM, and a closed program's pipes may stay open. */
const GRACE_MS = 1_000;
const DRAIN_MS = 200;

/**
 * Executes words without a shell, in a process group of its own. Whatever ends it, timeout and abort
 * included, ends the whole group: no measurement leaves something running beside the next.
 */
export function execute(words: readonly string[], limits: ExecutionLimits): Promise<Execution> {
  const { timeoutMs, signal, elapsed } = limits;
  if (signal.aborted) return Promise.resolve({ state: 'aborted' });
  const began = elapsed();
  const child = spawn(words[0], words.slice(1), { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const [output, complaint] = [keepEnd(child.stdout), keepEnd(child.stderr)];
  const atExit = (): void => endGroup(child, 'SIGKILL');
  process.once('exit', atExit);

  return new Promise<Execution>((resolve) => {
    let cut: 'timeout' | 'aborted' | undefined;
    let grace: NodeJS.Timeout | undefined;
    const end = (why: 'timeout' | 'aborted'): void => {
      cut ??= why;
      endGroup(child, 'SIGTERM');
      grace ??= setTimeout(() => endGroup(child, 'SIGKILL'), GRACE_MS);
    };
    const timer = setTimeout(() => end('timeout'), timeoutMs);
    const abort = (): void => end('aborted');
    signal.addEventListener('abort', abort, { once: true });
    const settle = (execution: Execution): void => {
      clearTimeout(timer);
      clearTimeout(grace);
      signal.removeEventListener('abort', abort);
      process.removeListener('exit', atExit);
      resolve(cut === undefined ? execution : { state: cut });
    };

    child.once('error', ({ message }) => settle({ state: 'unstartable', complaint: message }));
    child.once('exit', async (code, killer) => {
      const elapsedMs = elapsed() - began;
      endGroup(child, 'SIGKILL');
      await drained(child);
      const said = lastLine(complaint());
      if (code === null) settle({ state: 'killed', signal: killer ?? 'a signal', complaint: said });
      else settle({ state: 'exited', code, output: output(), complaint: said, elapsedMs });
    });
  });
}

function keepEnd(stream: NodeJS.ReadableStream): () => string {
  let kept = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    kept = (kept + text).slice(-KEPT_CHARACTERS);
  });
  return () => kept;
}

/** What the program wrote may still be on its way; a grandchild that fled may hold the pipe for ever. */
function drained(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      child.stdout?.destroy();
      child.stderr?.destroy();
    }, DRAIN_MS);
    child.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function endGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // Nobody is left in the group.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/** The last line that says something. */
export function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1)?.trim() ?? '';
}

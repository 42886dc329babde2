import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { lastLine } from '../../text/last-line.ts';
import type { Execution } from '../execution.ts';

/** What is kept of an answer that does not end, and of stderr. */
const KEPT_CHARACTERS = 65_536;
/** The time for it to end by itself, and for its pipes to close then. */
const GRACE_MS = 1_000;
const DRAIN_MS = 200;

/**
 * A program that stays: it is asked one line at a time and answers a line of JSON. Its other lines are ignored.
 * Ends when it is told to, or by itself.
 */
export class ProgramServer {
  readonly #child: ChildProcess;
  #unread = '';
  #complaint = '';
  #isOutOfStep = false;
  #settle: ((execution: Execution) => void) | undefined;
  #ended: Execution | undefined;

  /** Throws for words that the system cannot start at all. */
  constructor(words: readonly string[], environment: NodeJS.ProcessEnv) {
    const child = spawn(words[0], words.slice(1), { detached: true, env: environment });
    this.#child = child;
    child.stdout.setEncoding('utf8').on('data', (text: string) => this.#heard(text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#complaint = (this.#complaint + text).slice(-KEPT_CHARACTERS);
    });
    // A program that has ended does not read.
    child.stdin.on('error', () => {});
    child.once('error', ({ message }) => this.#over({ state: 'unstartable', complaint: message }));
    child.once('close', (code, signal) => this.#over(endOf(code, signal, lastLine(this.#complaint))));
  }

  get isRunning(): boolean {
    return this.#ended === undefined;
  }

  /**
   * The answer is the output of an execution that exited with 0; if the program ends instead, how it ended. Out of step
   * where it has answered more often than it was asked: no answer is known to be of this line.
   */
  ask(line: string, timeoutMs: number, signal: AbortSignal): Promise<Execution> {
    const began = performance.now();
    return new Promise((resolve) => {
      const settle = (execution: Execution): void => {
        clearTimeout(late);
        signal.removeEventListener('abort', abort);
        this.#settle = undefined;
        const elapsedMs = performance.now() - began;
        resolve(execution.state === 'exited' ? { ...execution, elapsedMs } : execution);
      };
      const late = setTimeout(() => settle({ state: 'timeout' }), timeoutMs);
      const abort = (): void => settle({ state: 'aborted' });
      signal.addEventListener('abort', abort, { once: true });
      this.#settle = settle;
      if (this.#ended !== undefined) return settle(this.#ended);
      if (signal.aborted) return abort();
      if (this.#isOutOfStep) return settle({ state: 'out of step' });
      this.#child.stdin?.write(`${line}\n`);
    });
  }

  /** Ends its input, and with a signal also sends that; kills what is left of it after a while. */
  async stop(signal?: 'SIGTERM'): Promise<void> {
    if (this.#ended !== undefined) return;
    const closed = new Promise<void>((resolve) => this.#child.once('close', () => resolve()));
    this.#child.stdin?.end();
    if (signal !== undefined) this.#endGroup(signal);
    const late = setTimeout(() => this.#endGroup('SIGKILL'), GRACE_MS);
    await Promise.race([closed, pause(GRACE_MS + DRAIN_MS)]);
    clearTimeout(late);
  }

  #endGroup(signal: NodeJS.Signals): void {
    try {
      if (this.#child.pid !== undefined) process.kill(-this.#child.pid, signal);
    } catch {
      // It has ended.
    }
  }

  #heard(text: string): void {
    const lines = (this.#unread + text).split('\n');
    this.#unread = (lines.pop() ?? '').slice(-KEPT_CHARACTERS);
    const answers = lines.filter((line) => line.trimStart().startsWith('{') || isNumber(line));
    if (answers.length === 0) return;
    // Whether the first or the last of several is the one that was asked for, nobody knows.
    if (answers.length > 1 || this.#settle === undefined) this.#isOutOfStep = true;
    this.#settle?.(this.#isOutOfStep ? { state: 'out of step' } : exited(0, '', answers[0]));
  }

  #over(execution: Execution): void {
    this.#ended ??= execution;
    this.#settle?.(this.#ended);
  }
}

function endOf(code: number | null, signal: NodeJS.Signals | null, complaint: string): Execution {
  return code === null
    ? { state: 'killed', signal: signal ?? 'a signal', complaint }
    : exited(code, complaint, '');
}

function isNumber(line: string): boolean {
  return line.trim() !== '' && !Number.isNaN(Number(line));
}

function exited(code: number, complaint: string, output: string): Execution {
  return { state: 'exited', code, complaint, output, firstError: '', elapsedMs: 0 };
}

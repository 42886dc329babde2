import type { ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';
import { lastLine } from '../text/last-line.ts';
import { RunnerLost } from './variant-process.ts';

type Waiting<Answer> = Readonly<{ resolve: (answer: Answer) => void; reject: (error: Error) => void }>;

/** The end of what a process writes to stderr: why it gave up. */
const KEPT_CHARACTERS = 4096;

/**
 * A child process that is asked one question at a time. A question that is not answered in time ends the
 * process. It keeps nobody waiting who waits for no answer.
 */
export class AskedProcess<Answer> {
  private waiting: Waiting<Answer> | undefined;
  private ended = false;
  private readonly complaint: () => string;

  constructor(private readonly child: ChildProcess) {
    this.complaint = keepEnd(child);
    child.on('error', ({ message }) => this.lost(message));
    child.on('exit', (code, signal) => this.lost(endedWith(code, signal, this.complaint())));
    for (const stream of [child.stdin, child.stdout, child.stderr]) {
      // What cannot be written to a process that ends is no error: its end is heard of.
      stream?.on('error', () => {});
      if (stream instanceof Socket) stream.unref();
    }
    child.unref();
    child.channel?.unref();
  }

  get processId(): number | undefined {
    return this.child.pid;
  }

  get alive(): boolean {
    return !this.ended && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** The next answer, after `send`. Throws RunnerLost. */
  ask(send: () => void, timeoutMs: number): Promise<Answer> {
    if (!this.alive) return Promise.reject(new RunnerLost('ended', 'the runner is gone'));
    return new Promise((resolve, reject) => {
      const watchdog = setTimeout(() => {
        this.waiting = undefined;
        this.ended = true;
        this.child.kill('SIGKILL');
        reject(new RunnerLost('timeout', `no answer within ${Math.round(timeoutMs)} ms`));
      }, timeoutMs);
      const settle = <T>(then: (value: T) => void) => {
        return (value: T) => {
          clearTimeout(watchdog);
          then(value);
        };
      };
      this.waiting = { resolve: settle(resolve), reject: settle(reject) };
      send();
    });
  }

  /** Takes an answer in. */
  answered(answer: Answer): void {
    const { waiting } = this;
    this.waiting = undefined;
    waiting?.resolve(answer);
  }

  async close(): Promise<void> {
    if (!this.alive) return;
    this.child.ref();
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGKILL');
    await ended;
  }

  private lost(how: string): void {
    this.ended = true;
    const { waiting } = this;
    this.waiting = undefined;
    waiting?.reject(new RunnerLost('ended', how));
  }
}

function keepEnd({ stderr }: ChildProcess): () => string {
  let kept = '';
  stderr?.setEncoding('utf8').on('data', (text: string) => {
    kept = (kept + text).slice(-KEPT_CHARACTERS);
  });
  return () => kept;
}

/** A process that gives up says why in a line of its own, among others. */
function endedWith(code: number | null, signal: NodeJS.Signals | null, said: string): string {
  const how = `the runner ended with ${signal ?? `exit code ${code}`}`;
  const why = /^.*(?:fatal|error|memory).*$/im.exec(said)?.[0] ?? lastLine(said);
  return why === '' ? how : `${how}: ${why.replace(/^[#\s]+/, '').slice(0, 200)}`;
}

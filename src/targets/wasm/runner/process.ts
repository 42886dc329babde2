import { type ChildProcess, fork } from 'node:child_process';
import { Socket } from 'node:net';
import { childModule } from '../../../programs/child-module.ts';
import { programEnvironment } from '../../../programs/program-environment.ts';
import { RunnerLost } from '../../../programs/variant-process.ts';
import { lastLine } from '../../../text/last-line.ts';
import { type RunnerAnswer, type RunnerQuestion, RunnerResponse, type RunnerSetup } from './messages.ts';

/** What an engine says of itself. */
type Hello = Extract<RunnerAnswer, { kind: 'hello' }>;

type Waiting = Readonly<{ resolve: (answer: RunnerAnswer) => void; reject: (error: Error) => void }>;

/** How long a runner may take to start or to take its data in. */
const START_MS = 30_000;
/** The end of what a runner writes to stderr: why its engine gave up. */
const KEPT_CHARACTERS = 4096;

/**
 * One runner process with the engine's flags. Questions are asked one at a time; a question that is
 * not answered in time ends the process. It is a session of its own, so that Ctrl-C does not end it, and
 * ends with nightshift all the same.
 */
export class RunnerProcess {
  private sequence = 0;
  private waiting: Waiting | undefined;
  private ended = false;

  private constructor(
    private readonly child: ChildProcess,
    readonly hello: Hello,
    complaint: () => string,
  ) {
    child.on('message', (message) => this.received(message));
    child.on('exit', (code, signal) => this.lost(endedWith(code, signal, complaint())));
    if (child.exitCode !== null || child.signalCode !== null)
      this.lost(endedWith(child.exitCode, child.signalCode, complaint()));
    // What nobody waits for keeps nobody waiting: a question has a timer of its own.
    child.unref();
    child.channel?.unref();
  }

  /** Throws RunnerLost where the process does not come up, or cannot take its data in. */
  static async start(flags: readonly string[], setup?: RunnerSetup): Promise<RunnerProcess> {
    const child = fork(childModule('./child.js', import.meta.url), [], {
      execArgv: [...flags],
      serialization: 'advanced',
      detached: true,
      env: programEnvironment(),
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const complaint = keepEnd(child);
    const runner = new RunnerProcess(child, await greeting(child, complaint), complaint);
    if (setup === undefined) return runner;
    const answer = await runner.ask({ kind: 'setup', setup }, START_MS);
    if (answer.kind === 'done') return runner;
    await runner.close();
    throw new RunnerLost('ended', answer.kind === 'failed' ? answer.message : `it answers '${answer.kind}'`);
  }

  get processId(): number | undefined {
    return this.child.pid;
  }

  get alive(): boolean {
    return !this.ended && this.child.exitCode === null && this.child.connected;
  }

  ask(question: RunnerQuestion, timeoutMs: number): Promise<RunnerAnswer> {
    if (!this.alive) return Promise.reject(new RunnerLost('ended', 'the runner is gone'));
    const sequence = ++this.sequence;
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
      // Where it cannot be sent the process is ending, and says so.
      this.child.send({ ...question, sequence }, () => {});
    });
  }

  async close(): Promise<void> {
    if (!this.alive) return;
    this.child.ref();
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGKILL');
    await ended;
  }

  private received(message: unknown): void {
    const { sequence, answer } = RunnerResponse.parse(message);
    if (sequence !== this.sequence) return;
    const { waiting } = this;
    this.waiting = undefined;
    waiting?.resolve(answer);
  }

  private lost(how: string): void {
    this.ended = true;
    const { waiting } = this;
    this.waiting = undefined;
    waiting?.reject(new RunnerLost('ended', how));
  }
}

function greeting(child: ChildProcess, complaint: () => string): Promise<Hello> {
  return new Promise((resolve, reject) => {
    const gone = (code: number | null, signal: NodeJS.Signals | null) =>
      reject(new RunnerLost('ended', endedWith(code, signal, complaint())));
    child.once('exit', gone);
    child.once('error', ({ message }) => reject(new RunnerLost('ended', message)));
    child.once('message', (message) => {
      child.off('exit', gone);
      const { answer } = RunnerResponse.parse(message);
      if (answer.kind === 'hello') resolve(answer);
      else reject(new Error(`the runner says '${answer.kind}' first`));
    });
  });
}

function keepEnd({ stderr }: ChildProcess): () => string {
  let kept = '';
  stderr?.setEncoding('utf8').on('data', (text: string) => {
    kept = (kept + text).slice(-KEPT_CHARACTERS);
  });
  if (stderr instanceof Socket) stderr.unref();
  return () => kept;
}

/** An engine that gives up says why in a line of its own, among others. */
function endedWith(code: number | null, signal: NodeJS.Signals | null, said: string): string {
  const how = `the runner ended with ${signal ?? `exit code ${code}`}`;
  const why = /^.*(?:fatal|error|memory).*$/im.exec(said)?.[0] ?? lastLine(said);
  return why === '' ? how : `${how}: ${why.replace(/^[#\s]+/, '').slice(0, 200)}`;
}

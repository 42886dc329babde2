import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Answer, type Question, Response, type Setup } from './messages.ts';

/** Why a question has no answer: the variant ran too long, or took the runner with it. */
export class RunnerLost extends Error {
  override readonly name = 'RunnerLost';
  constructor(
    readonly reason: 'timeout' | 'crash',
    message: string,
  ) {
    super(message);
  }
}

/** What an engine says of itself. */
export type Hello = Extract<Answer, { kind: 'hello' }>;

type Waiting = Readonly<{ resolve: (answer: Answer) => void; reject: (error: Error) => void }>;

/** How long a runner may take to start or to take its data in. */
const START_MS = 30_000;

/**
 * One runner process with the engine's flags. Questions are asked one at a time; a question that is
 * not answered in time ends the process.
 */
export class RunnerProcess {
  private sequence = 0;
  private waiting: Waiting | undefined;
  private ended = false;

  private constructor(
    private readonly child: ChildProcess,
    readonly hello: Hello,
  ) {
    child.on('message', (message) => this.received(message));
    child.on('exit', (code, signal) => this.lost(signal ?? `exit code ${code}`));
  }

  /** Throws RunnerLost where the process does not come up. */
  static async start(flags: readonly string[], setup?: Setup): Promise<RunnerProcess> {
    const child = fork(compiled('./child.js'), [], {
      execArgv: [...flags],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const hello = await greeting(child);
    const runner = new RunnerProcess(child, hello);
    if (setup !== undefined) await runner.ask({ kind: 'setup', setup }, START_MS);
    return runner;
  }

  get processId(): number | undefined {
    return this.child.pid;
  }

  get alive(): boolean {
    return !this.ended && this.child.exitCode === null && this.child.connected;
  }

  ask(question: Question, timeoutMs: number): Promise<Answer> {
    if (!this.alive) return Promise.reject(new RunnerLost('crash', 'the runner is gone'));
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
      this.child.send({ ...question, sequence });
    });
  }

  async close(): Promise<void> {
    if (!this.alive) return;
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGKILL');
    await ended;
  }

  private received(message: unknown): void {
    const { sequence, answer } = Response.parse(message);
    if (sequence !== this.sequence) return;
    const { waiting } = this;
    this.waiting = undefined;
    waiting?.resolve(answer);
  }

  private lost(how: string): void {
    this.ended = true;
    const { waiting } = this;
    this.waiting = undefined;
    waiting?.reject(new RunnerLost('crash', `the runner ended with ${how}`));
  }
}

function greeting(child: ChildProcess): Promise<Hello> {
  return new Promise((resolve, reject) => {
    const gone = (code: number | null) =>
      reject(new RunnerLost('crash', `the runner does not start (exit code ${code})`));
    child.once('exit', gone);
    child.once('error', reject);
    child.once('message', (message) => {
      child.off('exit', gone);
      const { answer } = Response.parse(message);
      if (answer.kind === 'hello') resolve(answer);
      else reject(new Error(`the runner says '${answer.kind}' first`));
    });
  });
}

/** The compiled neighbour of this module: a process of its own cannot run TypeScript on Node 20. */
function compiled(name: string): string {
  const here = fileURLToPath(new URL(name, import.meta.url));
  return import.meta.url.endsWith('.ts') ? here.replace(/([\\/])src([\\/]targets)/, '$1dist$1src$2') : here;
}

import { type ChildProcess, fork } from 'node:child_process';
import { AskedProcess } from '../../../programs/asked-process.ts';
import { childModule } from '../../../programs/child-module.ts';
import { programEnvironment } from '../../../programs/program-environment.ts';
import { RunnerLost } from '../../../programs/variant-process.ts';
import { type RunnerAnswer, type RunnerQuestion, RunnerResponse, type RunnerSetup } from './messages.ts';

/** What an engine says of itself. */
type Hello = Extract<RunnerAnswer, { kind: 'hello' }>;

/** How long a runner may take to start or to take its data in. */
const START_MS = 30_000;

/**
 * One runner process with the engine's flags. It is a session of its own, so that Ctrl-C does not end it,
 * and ends with nightshift all the same.
 */
export class RunnerProcess {
  private sequence = 0;

  private constructor(
    private readonly child: ChildProcess,
    private readonly asked: AskedProcess<RunnerAnswer>,
    readonly hello: Hello,
  ) {
    child.on('message', (message) => {
      const { sequence, answer } = RunnerResponse.parse(message);
      if (sequence === this.sequence) asked.answered(answer);
    });
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
    const asked = new AskedProcess<RunnerAnswer>(child);
    const hello = await asked.ask(
      () => child.once('message', (message) => asked.answered(RunnerResponse.parse(message).answer)),
      START_MS,
    );
    if (hello.kind !== 'hello') throw new Error(`the runner says '${hello.kind}' first`);
    const runner = new RunnerProcess(child, asked, hello);
    if (setup === undefined) return runner;
    const answer = await runner.ask({ kind: 'setup', setup }, START_MS);
    if (answer.kind === 'done') return runner;
    await runner.close();
    throw new RunnerLost('ended', answer.kind === 'failed' ? answer.message : `it answers '${answer.kind}'`);
  }

  get processId(): number | undefined {
    return this.asked.processId;
  }

  get alive(): boolean {
    return this.asked.alive && this.child.connected;
  }

  ask(question: RunnerQuestion, timeoutMs: number): Promise<RunnerAnswer> {
    const sequence = ++this.sequence;
    // Where it cannot be sent the process is ending, and says so.
    return this.asked.ask(() => this.child.send({ ...question, sequence }, () => {}), timeoutMs);
  }

  close(): Promise<void> {
    return this.asked.close();
  }
}

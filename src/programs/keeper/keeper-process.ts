import { type ChildProcess, spawn } from 'node:child_process';
import { childModule } from '../child-module.ts';
import type { Execution } from '../execution.ts';
import { programEnvironment } from '../program-environment.ts';
import { pidNamespace } from './enclosures.ts';
import { type EnclosureKind, KeeperAnswer, type KeeperRequest, type KeeperSetup } from './messages.ts';
import type { Permit } from './permit.ts';

/** The longest time for a keeper to start, and to end its programs. */
const START_MS = 30_000;
const CLOSE_MS = 5_000;
/** Time after a program's time-out until its keeper is killed: longer than its grace and the end of its descendants. */
const BEYOND_TIMEOUT_MS = 10_000;
/** Node fires longer timers (24 days) at once. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1 - BEYOND_TIMEOUT_MS;

/**
 * The init process of the namespace, which reaps orphans. PIDs continue from nightshift's own, so that the
 * programs of two nightshifts do not get the same ones (`/tmp/x.$$`).
 */
const INIT = '{ echo "$0" > /proc/sys/kernel/ns_last_pid; } 2> /dev/null; "$@"; exit $?';
const NAMESPACE = ['--pid', '--fork', '--kill-child=KILL', '--mount-proc', '--propagation', 'slave'];

type Waiting = Readonly<{ number: number; resolve: (ended: KeptExecution) => void }>;
export type KeptExecution = Readonly<{ execution: Execution; leftBehind: readonly string[] }>;

/** nightshift's handle of a running keeper, which executes one program at a time. */
export class KeeperProcess {
  #waiting: Waiting | undefined;
  #number = 0;
  #gone: string | undefined;
  readonly #child: ChildProcess;
  readonly #permit: Permit | undefined;
  readonly #unfollow: (() => void) | undefined;

  private constructor(
    child: ChildProcess,
    readonly enclosure: EnclosureKind,
    permit: Permit | undefined,
  ) {
    this.#child = child;
    this.#permit = permit;
    this.#unfollow = permit?.follow((leftMs) => this.#send({ kind: 'permit', leftMs }));
    child.on('message', (message) => this.#heard(KeeperAnswer.parse(message)));
    child.once('exit', (code, signal) => this.#lost(signal ?? `exit code ${code}`));
    this.#rest();
  }

  /** Undefined if the system does not allow the enclosure. */
  static async start(
    setup: Omit<KeeperSetup, 'outside'>,
    permit?: Permit,
  ): Promise<KeeperProcess | undefined> {
    const { enclosure } = setup;
    const child = startChild({ ...setup, kept: [...setup.kept], outside: pidNamespace() });
    return (await isReady(child)) ? new KeeperProcess(child, enclosure, permit) : undefined;
  }

  get alive(): boolean {
    return this.#gone === undefined && this.#child.connected;
  }

  get processId(): number | undefined {
    return this.#child.pid;
  }

  /** With a line, the program stays and is asked that line. */
  execute(
    words: readonly string[],
    askedMs: number,
    signal: AbortSignal,
    line?: string,
  ): Promise<KeptExecution> {
    const number = ++this.#number;
    const timeoutMs = Math.min(askedMs, LONGEST_TIMEOUT_MS);
    const abort = (): void => this.#send({ kind: 'abort', number });
    const watchdog = setTimeout(() => this.#child.kill('SIGKILL'), timeoutMs + BEYOND_TIMEOUT_MS);
    this.#child.ref();
    this.#child.channel?.ref();
    return new Promise<KeptExecution>((resolve) => {
      const ended = (kept: KeptExecution): void => {
        if (kept.execution.state === 'aborted' && !signal.aborted) this.#permit?.whenOver();
        resolve(kept);
      };
      this.#waiting = { number, resolve: ended };
      const asked = { number, words: [...words], timeoutMs };
      this.#send(line === undefined ? { kind: 'execute', ...asked } : { kind: 'ask', line, ...asked });
      signal.addEventListener('abort', abort, { once: true });
      if (signal.aborted) abort();
    }).finally(() => {
      clearTimeout(watchdog);
      signal.removeEventListener('abort', abort);
      this.#rest();
    });
  }

  /** Ends the keeper and all its programs. */
  async close(): Promise<void> {
    if (this.#gone !== undefined) return;
    this.#child.ref();
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    const late = setTimeout(() => this.#child.kill('SIGKILL'), CLOSE_MS);
    if (this.#child.connected) this.#child.disconnect();
    await ended;
    clearTimeout(late);
  }

  #send(request: KeeperRequest): void {
    if (this.alive) this.#child.send(request, () => {});
    else this.#lost(this.#gone ?? 'its connection closed');
  }

  #heard(answer: KeeperAnswer): void {
    if (answer.kind !== 'ended' || answer.number !== this.#waiting?.number) return;
    this.#settle({ execution: answer.execution, leftBehind: answer.leftBehind });
  }

  #lost(how: string): void {
    this.#gone = how;
    this.#unfollow?.();
    this.#settle({ execution: { state: 'lost', complaint: `its keeper ended with ${how}` }, leftBehind: [] });
  }

  #settle(kept: KeptExecution): void {
    const { resolve } = this.#waiting ?? {};
    this.#waiting = undefined;
    resolve?.(kept);
  }

  /** An idle keeper must not keep nightshift's event loop alive. */
  #rest(): void {
    this.#child.unref();
    this.#child.channel?.unref();
  }
}

/** Starts the keeper in its own session, so that nightshift alone handles Ctrl-C and the loss of the terminal. */
function startChild(setup: KeeperSetup): ChildProcess {
  const keeper = [process.execPath, childModule('./child.js', import.meta.url), JSON.stringify(setup)];
  const [program, ...words] =
    setup.enclosure === 'pid-namespace'
      ? ['unshare', ...NAMESPACE, 'sh', '-c', INIT, String(process.pid), ...keeper]
      : keeper;
  return spawn(program, words, {
    detached: true,
    env: programEnvironment(),
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
}

function isReady(child: ChildProcess): Promise<boolean> {
  return new Promise((resolve) => {
    const late = setTimeout(() => child.kill('SIGKILL'), START_MS);
    const settle = (isReady: boolean): void => {
      clearTimeout(late);
      child.off('exit', failed);
      resolve(isReady);
    };
    const failed = (): void => settle(false);
    child.on('error', failed);
    child.once('exit', failed);
    child.once('message', () => settle(true));
  });
}

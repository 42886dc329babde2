import { BackendGone } from '../../../tuner/backend.ts';
import type { Execution } from '../execution.ts';
import { endMarked } from './end-all.ts';
import { KeeperProcess } from './keeper-process.ts';
import { ENCLOSURES, type EnclosureKind } from './messages.ts';
import type { Permit } from './permit.ts';

export type KeeperOptions = Readonly<{
  /** Put into the environment of all programs; processes that carry it are ended, also at a later start. */
  mark: string;
  /** Names of processes that may keep running. */
  kept: readonly string[];
  /** For how long they may run; without one as long as they take. */
  permit?: Permit | undefined;
}>;

/**
 * Executes the user's programs one at a time, and ends all processes that they start, in the strongest
 * enclosure that the system allows. If the system ends the keeper's process, starts a new one.
 */
export class Keeper {
  readonly #options: KeeperOptions;
  readonly #leftBehind = new Set<string>();
  #process: KeeperProcess | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: KeeperOptions) {
    this.#options = options;
  }

  /** Names of the processes that programs have left behind and that were ended. */
  get leftBehind(): readonly string[] {
    return [...this.#leftBehind];
  }

  /** The PID of the running keeper process, if there is one. */
  get processId(): number | undefined {
    return this.#process?.alive ? this.#process.processId : undefined;
  }

  /** The enclosure in use; starts the keeper. Throws BackendGone if none can be started. */
  enclosure(): Promise<EnclosureKind> {
    return this.#inTurn(async () => (await this.#ready()).enclosure);
  }

  /**
   * Executes a program; with a line, asks that line of a program that stays, which is started if it
   * does not run. The result is `lost` if the keeper ends first. Throws BackendGone if none can be started.
   */
  execute(
    words: readonly string[],
    timeoutMs: number,
    signal: AbortSignal,
    line?: string,
  ): Promise<Execution> {
    return this.#inTurn(async () => {
      if (signal.aborted) return { state: 'aborted' };
      const { execution, leftBehind } = await (await this.#ready()).execute(words, timeoutMs, signal, line);
      for (const name of leftBehind) this.#leftBehind.add(name);
      return execution;
    });
  }

  close(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#process?.close();
      this.#process = undefined;
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  /** The running keeper, or a new one, before whose start the processes left by earlier ones are ended. */
  async #ready(): Promise<KeeperProcess> {
    if (this.#process?.alive) return this.#process;
    const { mark, kept } = this.#options;
    await this.#process?.close();
    await endMarked(mark, kept);
    this.#process = await start(this.#options);
    return this.#process;
  }
}

/** Tries the enclosures. The stronger ones would end kept processes too. */
async function start({ mark, kept, permit }: KeeperOptions): Promise<KeeperProcess> {
  for (const enclosure of kept.length > 0 ? (['processes'] as const) : ENCLOSURES) {
    const started = await KeeperProcess.start({ enclosure, mark, kept: [...kept] }, permit);
    if (started !== undefined) return started;
  }
  throw new BackendGone('no keeper process can be started for the program');
}

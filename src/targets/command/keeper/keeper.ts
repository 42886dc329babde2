import { BackendGone } from '../../../../tuner/backend.ts';
import type { Execution } from '../execution.ts';
import { endMarked } from './end-all.ts';
import { KeeperProcess } from './keeper-process.ts';
import { ENCLOSURES, type EnclosureKind } from './messages.ts';

export type KeeperOptions = Readonly<{
  /** In the environment of all that is started: what carries it is ours to end, now and on a later start. */
  mark: string;
  /** Names of processes that may go on. */
  kept: readonly string[];
}>;

/** A keeper that the system ends so often in a row cannot do its work. */
const MOST_LOSSES = 3;

/**
 * Executes the user's programs one at a time, and ends all that they start, by the strongest means that
 * the system allows. A keeper that the system ends is started again.
 */
export class Keeper {
  readonly #options: KeeperOptions;
  readonly #leftBehind = new Set<string>();
  #process: KeeperProcess | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #losses = 0;

  constructor(options: KeeperOptions) {
    this.#options = options;
  }

  /** Names of processes that programs left behind so far, and that were ended. */
  get leftBehind(): readonly string[] {
    return [...this.#leftBehind];
  }

  /** The process that watches, if there is one. */
  get processId(): number | undefined {
    return this.#process?.alive ? this.#process.processId : undefined;
  }

  /** What the system allows. Throws BackendGone where no keeper starts. */
  enclosure(): Promise<EnclosureKind> {
    return this.#inTurn(async () => (await this.#ready()).enclosure);
  }

  /** Throws BackendGone where the system ends every keeper. */
  execute(words: readonly string[], timeoutMs: number, signal: AbortSignal): Promise<Execution> {
    return this.#inTurn(async () => {
      if (signal.aborted) return { state: 'aborted' };
      const { execution, leftBehind } = await (await this.#ready()).execute(words, timeoutMs, signal);
      for (const name of leftBehind) this.#leftBehind.add(name);
      this.#losses = execution.state === 'lost' ? this.#losses + 1 : 0;
      if (execution.state === 'lost' && this.#losses >= MOST_LOSSES) {
        throw new BackendGone(
          `the program cannot be watched over: ${execution.complaint}, ${MOST_LOSSES} times in a row`,
        );
      }
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

  /** What an earlier one left behind is ended before the next begins. */
  async #ready(): Promise<KeeperProcess> {
    if (this.#process?.alive) return this.#process;
    const { mark, kept } = this.#options;
    await this.#process?.close();
    await endMarked(mark, kept);
    this.#process = await start(mark, kept);
    return this.#process;
  }
}

/** What may go on cannot be inside of what ends with the keeper. */
async function start(mark: string, kept: readonly string[]): Promise<KeeperProcess> {
  for (const enclosure of kept.length > 0 ? (['processes'] as const) : ENCLOSURES) {
    const started = await KeeperProcess.start({ enclosure, mark, kept: [...kept] });
    if (started !== undefined) return started;
  }
  throw new BackendGone('no process can be started to watch over the program');
}

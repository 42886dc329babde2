import { tooLong } from '../../search-space/too-hard.ts';
import { Busy } from './busy.ts';
import type { ExternalRequest, StudyQuestions } from './messages.ts';

/** Builds the spaces of new studies. `close` rejects what it is at work on; the next request starts it again. */
type BuilderThread = Pick<StudyQuestions, 'openExternal'> & Readonly<{ close(): Promise<void> }>;

/** Resolves after milliseconds; rejects when the signal aborts. */
export type Wait = (ms: number, signal: AbortSignal) => Promise<unknown>;

/** The longest that one space may take, in milliseconds: far more than the limit of work takes on an idle machine. */
export const LONGEST_BUILD_MS = 20_000;

/**
 * Has a thread build the spaces of new studies, one after the other, so that each has the whole of its time.
 * One that takes too long, or whose client leaves, is ended with its thread; one whose client has left before is not
 * begun.
 */
export class BuildQueue {
  readonly #thread: BuilderThread;
  readonly #wait: Wait;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(thread: BuilderThread, wait: Wait) {
    this.#thread = thread;
    this.#wait = wait;
  }

  /** Throws InputError for a space that cannot be read or built, and Busy where the client left. */
  openExternal(request: ExternalRequest, left: AbortSignal): ReturnType<StudyQuestions['openExternal']> {
    const opened = this.#turn.then(() => {
      if (left.aborted) throw new Busy('the client left before its space was begun');
      return this.#inTime(request, left);
    });
    this.#turn = opened.catch(() => undefined);
    return opened;
  }

  async #inTime(request: ExternalRequest, left: AbortSignal): ReturnType<StudyQuestions['openExternal']> {
    const done = new AbortController();
    let cause: Error | undefined;
    let closing: Promise<void> | undefined;
    const end = (why: Error): void => {
      cause ??= why;
      closing ??= this.#thread.close();
    };
    const leave = (): void => end(new Busy('the client left before its space was built'));
    left.addEventListener('abort', leave, { once: true });
    const limit = this.#wait(LONGEST_BUILD_MS, done.signal).then(
      () => end(tooLong(LONGEST_BUILD_MS)),
      () => {},
    );
    try {
      return await this.#thread.openExternal(request);
    } catch (error) {
      throw cause ?? error;
    } finally {
      left.removeEventListener('abort', leave);
      done.abort();
      await limit;
      await closing;
    }
  }
}

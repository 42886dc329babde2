import { ConstructionAborted, type ConstructionOptions, type ConstructionProgress } from '../construction.ts';

/** What is worked on: a group of parameters, and how many of them are decided. */
export type ConstructionStage = Pick<ConstructionProgress, 'state' | 'parameters' | 'decided'>;

/** Thrown where work or memory runs out; whoever knows what was too hard makes an InputError of it. */
export class OutOfBounds extends Error {
  readonly bound: 'steps' | 'bytes';
  readonly most: number;

  constructor(bound: 'steps' | 'bytes', most: number) {
    super(`more than ${most} ${bound}`);
    this.bound = bound;
    this.most = most;
  }
}

const defaults = { mostSteps: 100_000_000, mostBytes: 512 * 2 ** 20 };
const between = 65_536;

/** Counts the steps and bytes of one construction, and ends it where they get too many. */
export class WorkMeter {
  readonly #options: ConstructionOptions;
  readonly #mostSteps: number;
  readonly #mostBytes: number;
  #stage: ConstructionStage = { state: 'ordering', parameters: [], decided: 0 };
  #steps = 0;
  #bytes = 0;
  #limit: number;
  #nextLook = between;

  constructor(options: ConstructionOptions) {
    this.#options = options;
    this.#mostSteps = options.mostSteps ?? defaults.mostSteps;
    this.#mostBytes = options.mostBytes ?? defaults.mostBytes;
    this.#limit = this.#mostSteps;
    this.#nextLook = Math.min(between, this.#limit);
  }

  get steps(): number {
    return this.#steps;
  }

  /** What the steps from here on are for. */
  enter(stage: ConstructionStage): void {
    this.#stage = stage;
  }

  /** Throws OutOfBounds beyond the limit, ConstructionAborted where the signal asks for it. */
  spend(steps: number): void {
    this.#steps += steps;
    if (this.#steps > this.#nextLook) this.#look();
  }

  /** Throws OutOfBounds where more is held than may be; a negative number lets go. */
  hold(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes > this.#mostBytes) throw new OutOfBounds('bytes', this.#mostBytes);
  }

  /**
   * Work that may take only so many steps, in whole or not at all: undefined where they did not do and
   * more steps are left.
   */
  attempt<Result>(steps: number, work: () => Result): Result | undefined {
    const held = this.#bytes;
    this.#setLimit(Math.min(this.#mostSteps, this.#steps + steps));
    try {
      return work();
    } catch (error) {
      if (!(error instanceof OutOfBounds) || this.#steps >= this.#mostSteps) throw error;
      this.#bytes = held;
      return undefined;
    } finally {
      this.#setLimit(this.#mostSteps);
    }
  }

  #setLimit(limit: number): void {
    this.#limit = limit;
    this.#nextLook = Math.min(this.#nextLook, limit);
  }

  #look(): void {
    if (this.#options.signal?.aborted) throw new ConstructionAborted();
    if (this.#steps > this.#limit) throw new OutOfBounds('steps', this.#mostSteps);
    this.#options.onProgress?.({ ...this.#stage, steps: this.#steps, mostSteps: this.#mostSteps });
    this.#nextLook = Math.min(this.#steps + between, this.#limit);
  }
}

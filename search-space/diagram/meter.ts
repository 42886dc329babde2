import type { ConstructionOptions, ConstructionProgress } from '../construction.ts';

/** What is worked on: a group of parameters, and how many of them are decided. */
export type ConstructionStage = Pick<ConstructionProgress, 'state' | 'parameters' | 'decided'>;

/** Thrown where work or memory runs out; whoever knows the constraints makes an InputError of it. */
export class OutOfBounds extends Error {
  readonly bound: 'steps' | 'bytes';
  readonly most: number;
  readonly stage: ConstructionStage;

  constructor(bound: 'steps' | 'bytes', most: number, stage: ConstructionStage) {
    super(`more than ${most} ${bound}`);
    this.bound = bound;
    this.most = most;
    this.stage = stage;
  }
}

const defaults = { mostSteps: 200_000_000, mostBytes: 512 * 2 ** 20 };
const between = 65_536;

/** Counts the steps and bytes of one construction, and ends it where they get too many. */
export class WorkMeter {
  readonly #mostSteps: number;
  readonly #mostBytes: number;
  readonly #onProgress: ConstructionOptions['onProgress'];
  #stage: ConstructionStage = { state: 'ordering', parameters: [], decided: 0 };
  #steps = 0;
  #bytes = 0;
  #nextLook: number;

  constructor({ mostSteps, mostBytes, onProgress }: ConstructionOptions) {
    this.#mostSteps = mostSteps ?? defaults.mostSteps;
    this.#mostBytes = mostBytes ?? defaults.mostBytes;
    this.#onProgress = onProgress;
    this.#nextLook = Math.min(between, this.#mostSteps);
  }

  /** Taken so far. */
  get steps(): number {
    return this.#steps;
  }

  /** What the steps from here on are for. */
  enter(stage: ConstructionStage): void {
    this.#stage = stage;
  }

  /** Throws OutOfBounds beyond the limit. */
  spend(steps: number): void {
    this.#steps += steps;
    if (this.#steps > this.#nextLook) this.#look();
  }

  /** Throws OutOfBounds where more is held than may be; a negative number lets go. */
  hold(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes > this.#mostBytes) throw new OutOfBounds('bytes', this.#mostBytes, this.#stage);
  }

  #look(): void {
    if (this.#steps > this.#mostSteps) throw new OutOfBounds('steps', this.#mostSteps, this.#stage);
    this.#onProgress?.({ ...this.#stage, steps: this.#steps, mostSteps: this.#mostSteps });
    this.#nextLook = Math.min(this.#steps + between, this.#mostSteps);
  }
}

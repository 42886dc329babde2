/** A configuration that ran once has failed only after so many failures in a row. */
export const MOST_FAILURES_IN_A_ROW = 3;

/** Failed runs of configurations that were timed by their other runs. */
export class UnsteadyRuns {
  #count = 0;
  #message = '';

  observe(message: string): void {
    this.#count++;
    this.#message = message;
  }

  /** What a reader should know of them. */
  get note(): string | undefined {
    if (this.#count === 0) return undefined;
    if (this.#count === 1)
      return `One run failed (${this.#message}). Its configuration was timed by its other runs.`;
    return `${this.#count} runs failed (the last: ${this.#message}). Their configurations were timed by their other runs.`;
  }
}

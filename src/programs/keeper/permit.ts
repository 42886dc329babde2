import type { Clock } from '../../../tuner/clock.ts';

/**
 * For how long programs may run. Whoever has them run says so again and again; a keeper ends them once that time is
 * over, also where nobody is left who could tell it to: a process that is stopped (`SIGSTOP`) says nothing.
 */
export class Permit {
  readonly #clock: Pick<Clock, 'elapsed'>;
  readonly #followers = new Set<(leftMs: number) => void>();
  #untilMs = 0;
  /** Called when a keeper has ended a program for it, before anybody hears what became of the program. */
  whenOver = (): void => {};

  constructor(clock: Pick<Clock, 'elapsed'>) {
    this.#clock = clock;
  }

  /** Until then, on the clock's time, in milliseconds. */
  extend(untilMs: number): void {
    this.#untilMs = untilMs;
    for (const follower of this.#followers) follower(this.#leftMs());
  }

  /** Tells how many milliseconds are left, now and whenever it is extended. The result ends that. */
  follow(follower: (leftMs: number) => void): () => void {
    this.#followers.add(follower);
    follower(this.#leftMs());
    return () => void this.#followers.delete(follower);
  }

  #leftMs(): number {
    return Math.max(0, this.#untilMs - this.#clock.elapsed());
  }
}

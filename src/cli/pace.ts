import type { Clock } from '../../tuner/clock.ts';
import type { Session } from './session.ts';

/** Milliseconds between two updates, on a terminal and in a pipe. */
const REDRAW = 100;
const LINE = 2000;

/** How often progress is shown where a session shows it. */
export function paceOf({ clock, err }: Session, firstMs?: number): Pace {
  const everyMs = err.isTerminal ? REDRAW : LINE;
  return new Pace(clock, everyMs, firstMs ?? everyMs);
}

/** A rate limiter for updates. */
export class Pace {
  readonly #clock: Clock;
  readonly #everyMs: number;
  #next: number;

  /** @param firstMs until the first update */
  constructor(clock: Clock, everyMs: number, firstMs: number) {
    this.#clock = clock;
    this.#everyMs = everyMs;
    this.#next = clock.elapsed() + firstMs;
  }

  isDue(): boolean {
    if (this.#clock.elapsed() < this.#next) return false;
    this.#next = this.#clock.elapsed() + this.#everyMs;
    return true;
  }
}

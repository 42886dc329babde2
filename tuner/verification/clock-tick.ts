import { placeIn } from './signed-bets.ts';

/** The most that one tick of a clock can be, after the times that it has shown: the smallest step between two of them. */
export class ClockTick {
  /** Different times, ascending. */
  readonly #times: number[] = [];
  #most = Number.POSITIVE_INFINITY;

  add(time: number): void {
    const times = this.#times;
    const place = placeIn(times, (each) => each >= time);
    if (times[place] === time) return;
    for (const next of times.slice(Math.max(0, place - 1), place + 1))
      this.#most = Math.min(this.#most, Math.abs(time - next));
    times.splice(place, 0, time);
  }

  /** In the unit of the times; infinite while there is but one. */
  get most(): number {
    return this.#most;
  }
}

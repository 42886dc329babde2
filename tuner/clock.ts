import type { WallClock } from '../store/wall-clock.ts';

/** Time, handed in so that tests are exact. `now` may jump; durations are read from `elapsed`. */
export type Clock = WallClock &
  Readonly<{
    /** Milliseconds that never go back. */
    elapsed(): number;
  }>;

export const systemClock: Clock = Object.freeze({
  now: () => Date.now(),
  elapsed: () => performance.now(),
});

import type { Sample, SideBySide } from '../backend.ts';
import type { Entrant } from './entrant.ts';

/** A round with the places that were in it, in the order in which they were sampled. */
export type SampledRound = Readonly<{ places: readonly number[]; samples: readonly Sample[] }>;

/**
 * Rounds that several devices take at the same time, each of them whole rounds. They come in the order of their numbers, so
 * when a comparison ends does not depend on how many devices there are; rounds beyond its end count for nothing.
 */
export class RoundsUnderWay {
  readonly #devices: SideBySide;
  readonly #ending = new AbortController();
  readonly #signal: AbortSignal;
  readonly #rounds: Promise<SampledRound>[] = [];
  #next: number;
  /** Rounds from here on are not asked for yet. */
  #limit: number;

  constructor(devices: SideBySide, first: number, signal: AbortSignal) {
    this.#devices = devices;
    this.#next = first;
    this.#limit = first;
    this.#signal = signal;
    signal.addEventListener('abort', this.close, { once: true });
    if (signal.aborted) this.close();
  }

  /**
   * The next round. As many are under way as there are devices: those that are needed for certain, up to round `certain`,
   * and as many beyond as would leave no device idle beside the last of these; none from round `until` on. `orderOf` says
   * who is in one.
   */
  async next(
    entrants: readonly Entrant[],
    orderOf: (round: number) => readonly number[],
    { certain, until }: Readonly<{ certain: number; until: number }>,
  ): Promise<SampledRound> {
    const count = Math.max(1, this.#devices.count());
    if (this.#limit < certain) this.#limit = this.#next + count * Math.ceil((certain - this.#next) / count);
    while (this.#rounds.length < count && this.#next < Math.min(this.#limit, until))
      this.#rounds.push(this.#take(entrants, orderOf(this.#next), this.#next++));
    return (await this.#rounds.shift()) ?? { places: [], samples: [] };
  }

  readonly close = (): void => {
    this.#signal.removeEventListener('abort', this.close);
    this.#ending.abort();
  };

  #take(entrants: readonly Entrant[], places: readonly number[], round: number): Promise<SampledRound> {
    const variants = places.flatMap((place) => entrants[place].variant);
    const taken = this.#devices
      .round(variants, round, this.#ending.signal)
      .then((samples) => ({ places, samples }));
    // It is waited for once its turn comes, if ever.
    taken.catch(() => {});
    return taken;
  }
}

import { permutation, randomFor } from '../../search-space/random.ts';
import type { Comparison } from '../../store/comparison.ts';
import { type Backend, BackendGone, type TimingSession } from '../backend.ts';
import type { TimeLimit } from './comparison-plan.ts';
import type { Entrant } from './entrant.ts';
import { RoundsUnderWay, type SampledRound } from './rounds-under-way.ts';
import { withSession } from './session-environment.ts';

/** Hears of each round that is done: how many there are by then, and how many there will be at least. */
export type TellRound = (rounds: number, least: number) => void;

export type ComparedRound = readonly (number | null)[];

/** One heat: who runs, in how many fresh processes, for at most how many rounds in all. */
export type Heat = Readonly<{
  places: readonly number[];
  processes: number;
  rounds: number;
  /** Whether the part of the heat that is done is enough: asked after every round with the share that its processes are of all. */
  isEnough(share: number): boolean;
  /** So many of its rounds are needed for certain, as far as it is known: more are not asked for ahead. */
  certain(): number;
  /** Who goes on, asked after every round. */
  goesOn?(place: number): boolean;
  /** Who of them is in a round. */
  isIn?(place: number, round: number): boolean;
}>;

/** Rounds on a noisy clock: heat after heat, each in processes of its own, of all or of some of those that are in. */
export class NoisyRounds {
  readonly entrants: Entrant[] = [];
  readonly notes: string[] = [];
  #rows: ComparedRound[] = [];
  readonly #firsts: number[] = [];
  #environment: Comparison['environment'] = {};
  readonly #backend: Backend;
  readonly #signal: AbortSignal;
  readonly #limit: TimeLimit | undefined;
  readonly #told: TellRound;
  #isGone = false;
  #samples = 0;
  #processMs = 0;

  constructor(backend: Backend, signal: AbortSignal, limit: TimeLimit | undefined, told: TellRound) {
    this.#backend = backend;
    this.#signal = signal;
    this.#limit = limit;
    this.#told = told;
  }

  /** One row for each round, of all entrants; those that were not in a round have null. */
  get roundsUs(): readonly ComparedRound[] {
    return this.#rows.map((row) => this.entrants.map((_, place) => row[place] ?? null));
  }

  /** How often any of them was timed, disturbed samples included. */
  get samples(): number {
    return this.#samples;
  }

  /** In how many rounds it has a time. */
  timed(place: number): number {
    return this.#rows.filter((row) => typeof row[place] === 'number').length;
  }

  /** Takes entrants out, with their times. */
  leave(places: readonly number[]): void {
    const stays = (_: unknown, place: number): boolean => !places.includes(place);
    this.#rows = this.roundsUs.map((row) => row.filter(stays));
    this.entrants.splice(0, this.entrants.length, ...this.entrants.filter(stays));
  }

  get measured(): Pick<Comparison, 'roundsUs' | 'roundsByProcess' | 'environment'> {
    const roundsByProcess = this.#firsts.map(
      (first, n) => (this.#firsts[n + 1] ?? this.#rows.length) - first,
    );
    const processes = this.#firsts.length;
    return { roundsUs: this.roundsUs, roundsByProcess, environment: { ...this.#environment, processes } };
  }

  /** A backend that is gone leaves the rounds that it gave. `endMs` is on the limit's clock. */
  async run(heat: Heat, endMs: number): Promise<void> {
    const began = this.#nowMs();
    const msUntil = (share: number): number => began + (endMs - began) * share;
    let roundMs = (this.#limit?.sampleMs ?? 0) * this.#running(heat).length;
    const from = this.#rows.length;
    try {
      for (let process = 0; process < heat.processes && !this.#isGone; process++) {
        const fits = this.#nowMs() + this.#processMs + roundMs <= endMs;
        if (this.#signal.aborted || this.#running(heat).length < 2 || (!fits && process > 0)) break;
        const share = (process + 1) / heat.processes;
        const session = await this.#open(heat);
        const first = this.#rows.length;
        this.#firsts.push(first);
        const openedMs = this.#nowMs();
        const isDone = (): boolean => {
          roundMs = (this.#nowMs() - openedMs) / (this.#rows.length - first);
          return this.#nowMs() + roundMs > msUntil(share) || heat.isEnough(share);
        };
        await this.#roundsOf(session, heat, [from, from + Math.ceil(heat.rounds * share)], isDone);
      }
    } catch (error) {
      if (!(error instanceof BackendGone)) throw error;
      this.#isGone = true;
      this.notes.push(`The final comparison was cut short: ${error.message}.`);
    }
  }

  #running({ places, goesOn }: Heat): readonly number[] {
    return places.filter((place) => this.entrants[place].works && goesOn?.(place) !== false);
  }

  #nowMs(): number {
    return this.#limit?.clock.elapsed() ?? 0;
  }

  async #open(heat: Heat): Promise<TimingSession> {
    const began = this.#nowMs();
    const variants = this.#running(heat).flatMap((place) => this.entrants[place].variant);
    const session = await this.#backend.session(variants, this.#signal, { fresh: true });
    this.#processMs = this.#nowMs() - began;
    return session;
  }

  /** Adds the rounds of one process, up to round `until` of a heat that began at round `from`. */
  async #roundsOf(
    session: TimingSession,
    heat: Heat,
    [from, until]: readonly [from: number, until: number],
    isDone: () => boolean,
  ): Promise<void> {
    const { sideBySide } = this.#backend;
    const underWay = sideBySide && new RoundsUnderWay(sideBySide, this.#rows.length, this.#signal);
    try {
      while (this.#rows.length < until && !this.#signal.aborted) {
        const asked = { certain: from + heat.certain(), until };
        const row = underWay
          ? this.#settledRound(await underWay.next(this.entrants, (n) => this.#orderOf(n, heat), asked), heat)
          : await this.#shuffledRound(session, heat);
        if (row === undefined) break;
        this.#rows.push(row);
        const certain = from + heat.certain();
        this.#told(this.#rows.length, Math.max(this.#rows.length, Math.min(certain, until)));
        if (isDone()) break;
      }
      this.#environment = withSession(this.#environment, session.environment());
    } finally {
      underWay?.close();
      await session.close();
    }
  }

  #orderOf(round: number, heat: Heat): readonly number[] {
    const places = this.#running(heat).filter((place) => heat.isIn?.(place, round) !== false);
    return permutation(randomFor('round', round), places.length).map((next) => places[next]);
  }

  async #shuffledRound(session: TimingSession, heat: Heat): Promise<ComparedRound> {
    const round = this.#rows.length;
    const row: (number | null)[] = this.entrants.map(() => null);
    for (const place of this.#orderOf(round, heat)) {
      this.#samples++;
      row[place] = await this.entrants[place].sample(session, round, this.#signal);
    }
    return row;
  }

  /** Who was out by the round before has no time in this one. Undefined for a round that was cut short. */
  #settledRound({ places, samples }: SampledRound, heat: Heat): ComparedRound | undefined {
    if (samples.length < places.length || places.length === 0) return undefined;
    const running = new Set(this.#running(heat));
    const row: (number | null)[] = this.entrants.map(() => null);
    for (const [i, place] of places.entries()) {
      if (!running.has(place)) continue;
      this.#samples++;
      row[place] = this.entrants[place].take(samples[i], this.#signal);
    }
    return row;
  }
}

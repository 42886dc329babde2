import { permutation, type Random, randomFor } from '../../search-space/random.ts';
import type { Comparison } from '../../store/comparison.ts';
import type { TimedPair } from '../../store/verification.ts';
import { type Backend, isInProcesses, type TimingSession } from '../backend.ts';
import type { Entrant } from '../measurement/entrant.ts';
import { withMostOf } from '../measurement/machine-limits.ts';
import { median } from '../measurement/statistics.ts';

/** Rounds of a fresh process, of which each side's median counts: starting it takes longer than they do. */
const ROUNDS_OF_PROCESS = 5;

export type VerifiedSides = readonly [winner: Entrant, against: Entrant];

/** How many timings a pair consists of. */
export function timingsOfPair({ timing }: Backend): number {
  return isInProcesses(timing) ? 2 * ROUNDS_OF_PROCESS : 2;
}

/**
 * Times pairs of both sides. A pair is what counts as independent: the medians of a few rounds of a fresh process
 * where a backend uses processes, for what such a process has in common (where its memory lies) is no evidence of
 * more than one; else two executions. Which side is loaded, and timed, first is drawn for every pair, so that no
 * side has an advantage from its place, whatever the machine does in the meantime.
 */
export class TimedPairs {
  readonly #backend: Backend;
  readonly #sides: VerifiedSides;
  readonly #seed: number;
  readonly #signal: AbortSignal;
  /** Of executions, which need no new one. */
  #lasting: TimingSession | undefined;
  #environment: Comparison['environment'] = {};

  constructor(backend: Backend, sides: VerifiedSides, seed: number, signal: AbortSignal) {
    this.#backend = backend;
    this.#sides = sides;
    this.#seed = seed;
    this.#signal = signal;
  }

  get environment(): Comparison['environment'] {
    return this.#environment;
  }

  /** Whether both still work. */
  get works(): boolean {
    return this.#sides.every(({ works }) => works);
  }

  get notes(): readonly string[] {
    return this.#sides.flatMap(({ contender, works, failure }) => {
      if (failure === undefined) return [];
      return [`The ${contender.label} ${works ? 'failed now and then' : 'did not work'}: ${failure}.`];
    });
  }

  /** Undefined where other work on the machine, or a failure, left one side without a time. */
  async next(number: number): Promise<TimedPair | undefined> {
    const random = randomFor('verify', this.#seed, number);
    const session = this.#lasting ?? (await this.#open(random));
    if (!isInProcesses(this.#backend.timing)) {
      this.#lasting = session;
      return pairOf([await this.#round(session, number, random)]);
    }
    try {
      const rounds: Round[] = [];
      for (let round = 0; round < ROUNDS_OF_PROCESS && !this.#signal.aborted; round++)
        rounds.push(await this.#round(session, round, random));
      return rounds.length < ROUNDS_OF_PROCESS ? undefined : pairOf(rounds);
    } finally {
      await this.#end(session);
    }
  }

  async close(): Promise<void> {
    if (this.#lasting !== undefined) await this.#end(this.#lasting);
  }

  #open(random: Random): Promise<TimingSession> {
    const variants = permutation(random, 2).flatMap((side) => this.#sides[side].variant);
    return this.#backend.session(variants, this.#signal, { fresh: true });
  }

  async #end(session: TimingSession): Promise<void> {
    this.#environment = withMostOf(this.#environment, session.environment());
    await session.close();
  }

  async #round(session: TimingSession, number: number, random: Random): Promise<Round> {
    const times: [number | null, number | null] = [null, null];
    for (const side of permutation(random, 2))
      times[side] = await this.#sides[side].sample(session, number, this.#signal);
    return times;
  }
}

type Round = readonly [winnerUs: number | null, againstUs: number | null];

/** The median of each side over the rounds in which both have a time; undefined without any. */
function pairOf(rounds: readonly Round[]): TimedPair | undefined {
  const clean = rounds.flatMap(([winnerUs, againstUs]): readonly TimedPair[] =>
    winnerUs === null || againstUs === null ? [] : [[winnerUs, againstUs]],
  );
  if (clean.length === 0) return undefined;
  return [median(clean.map(([winnerUs]) => winnerUs)), median(clean.map(([, againstUs]) => againstUs))];
}

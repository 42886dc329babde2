import type { Comparison } from '../../store/comparison.ts';
import type { Backend } from '../backend.ts';
import { processesWithin, type TimeLimit } from './comparison-plan.ts';
import { hasEnough, MOST_ROUNDS } from './enough-rounds.ts';
import { type Contender, Entrant } from './entrant.ts';
import type { NoisyRounds } from './noisy-rounds.ts';
import { FEWEST_SAMPLES } from './statistics.ts';

/** Fresh processes of a heat. */
const PROCESSES = 3;
/** After so many rounds of a heat those that have lost are out. */
const ROUNDS_TO_LOSE = 5;
/**
 * Several devices take the first of these rounds at the same time, eight of them one each; so each challenger is in so many
 * of eight shorter rounds, where there are so many challengers for each whom they meet that this adds few samples.
 */
const SHORT_ROUNDS = 8;
const CHALLENGERS_OF_EACH = 4;

/** Who else is timed, once the first ones are known. */
export interface Challenge {
  /** Of a comparison so far: who joins, who is timed again, and beside whom (places); nobody where all is known. */
  next(comparison: Comparison): Readonly<{
    joining: readonly Contender[];
    again: readonly number[];
    beside: readonly number[];
  }>;
  /** The places of which nothing is left to find out. */
  lost(comparison: Comparison): readonly number[];
}

/** Whom a comparison brings together, and within which limits. */
export type Meeting = Readonly<{
  backend: Backend;
  contenders: readonly Entrant[];
  processes: number;
  signal: AbortSignal;
  now: number;
  limit: TimeLimit | undefined;
  /** On the limit's clock. */
  endMs: number;
  challenge: Challenge | undefined;
}>;

/** The comparison so far, and how many samples it may have in all. */
type SoFar = Readonly<{ seen: () => Comparison; mostSamples: number }>;

/** One heat of a challenge; false where there was none. */
export async function runChallenge(
  meeting: Meeting,
  challenge: Challenge,
  rounds: NoisyRounds,
  { seen, mostSamples }: SoFar,
): Promise<boolean> {
  const { backend, signal, endMs } = meeting;
  const { joining, again, beside } = challenge.next(seen());
  const challengers = joining.length + again.length;
  const processes = processesOfHeat(meeting, challengers + beside.length);
  const roundsLeft = (size: number): number => Math.round((mostSamples - rounds.samples) / size);
  if (challengers === 0 || processes === 0 || roundsLeft(challengers + beside.length) < FEWEST_SAMPLES)
    return false;
  await backend.prefetch?.(
    joining.map(({ configuration }) => configuration),
    signal,
  );
  const first = rounds.entrants.length;
  for (const contender of joining) {
    const entrant = await Entrant.prepare(backend, contender, signal);
    if (entrant.works) rounds.entrants.push(entrant);
  }
  const joined = rounds.entrants.map((_, place) => place).slice(first);
  const challenging = [...again, ...joined];
  if (challenging.length === 0) return true;
  const isShort =
    backend.sideBySide !== undefined && challenging.length >= CHALLENGERS_OF_EACH * beside.length;
  const turns = turnsOf(challenging, isShort ? SHORT_ROUNDS : ROUNDS_TO_LOSE);
  const from = rounds.roundsUs.length;
  const lost = new Set<number>();
  const goesOn = (place: number): boolean => beside.includes(place) || !lost.has(place);
  const isEnough = (): boolean => {
    const heat = rounds.roundsUs.slice(from);
    const next = [...beside, ...challenging].filter(
      (place) => goesOn(place) && rounds.entrants[place].works && turns.has(place, heat.length),
    );
    if (roundsLeft(next.length) < 1) return true;
    if (turns.end(heat.length - 1) > heat.length) return false;
    for (const place of challenge.lost(seen())) lost.add(place);
    const open = challenging.filter((place) => !lost.has(place) && rounds.entrants[place].works);
    return open.length === 0 || hasEnough(heat, [...beside, ...open], 1);
  };
  const certain = (): number => {
    const done = rounds.roundsUs.length - from;
    return Math.min(turns.end(done), done + Math.max(1, roundsLeft(beside.length + challenging.length)));
  };
  await rounds.run(
    {
      places: [...beside, ...challenging],
      processes,
      rounds: MOST_ROUNDS,
      isEnough,
      certain,
      goesOn,
      isIn: (place, round) => turns.has(place, round - from),
    },
    endMs,
  );
  // A lucky time or two would make it the fastest, with an unknown gain.
  rounds.leave(
    joined.filter((place) => rounds.entrants[place].works && rounds.timed(place) < FEWEST_SAMPLES),
  );
  return true;
}

/** Who is in which of a heat's rounds: in all, but for challengers whose first rounds are short ones. */
function turnsOf(challenging: readonly number[], first: number) {
  return {
    has: (place: number, round: number): boolean =>
      round >= first ||
      !challenging.includes(place) ||
      (challenging.indexOf(place) + round) % first < ROUNDS_TO_LOSE,
    /** The first round from `round` on after which those that have lost are out, as a number of rounds. */
    end: (round: number): number =>
      round < first ? first : first + ROUNDS_TO_LOSE * (Math.floor((round - first) / ROUNDS_TO_LOSE) + 1),
  };
}

/** In how many processes so many can meet in rounds enough to lose; 0 where the time left is too short. */
function processesOfHeat({ limit, endMs, processes: most }: Meeting, contenders: number): number {
  const processes = Math.min(PROCESSES, most);
  if (limit === undefined) return processes;
  return processesWithin(
    endMs - limit.clock.elapsed(),
    { contenders, processes, rounds: ROUNDS_TO_LOSE },
    limit,
  );
}

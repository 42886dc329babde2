import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Comparison } from '../../store/comparison.ts';
import type { Backend } from '../backend.ts';
import {
  comparisonMs,
  FIRST_HEAT,
  planComparison,
  processesWithin,
  type TimeLimit,
} from './comparison-plan.ts';
import { certainRounds, hasEnough, MIN_ROUNDS } from './enough-rounds.ts';
import { type Contender, Entrant, noteOf } from './entrant.ts';
import { withMostOf } from './machine-limits.ts';
import { type ComparedRound, NoisyRounds, type TellRound } from './noisy-rounds.ts';
import { FEWEST_SAMPLES } from './statistics.ts';
import { ROUNDS_TO_LOSE, turnsOf } from './turns.ts';

const MAX_ROUNDS = 100;
/** The machine's limits take a fraction of a second, on a busy machine some. */
const LEAST_MS_WITH_LIMITS = 3000;
/** Fresh processes of a later heat, and how many there are at most. */
const PROCESSES_OF_HEAT = 3;
const MOST_HEATS = 24;
/** Of all samples, those of later heats are at most so many times as many as the first one's. */
const MORE_SAMPLES = 1 / FIRST_HEAT - 1;
/** Where the fewest rounds of a first heat take more of its time than this, there is no challenge. */
const MOST_OF_FIRST_HEAT = 2 / 3;
/** The most rounds of a later heat. Who is doubtful then is timed again. */
const ROUNDS_OF_HEAT = 25;
const CUT =
  'The final comparison ended before all that are simpler and may be as fast were timed: another visit may name one of those.';

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

/** A comparison, or null where there was none to make, with what a reader should know of how it went. */
export type ComparedContenders = Readonly<{ comparison: Comparison | null; notes: readonly string[] }>;

/**
 * Interleaved rounds over all contenders. One that fails now, though its screening went well, has nulls;
 * one that no longer works has nothing else. Where time is short only as many contenders meet as it is enough
 * for. Null where fewer than two can meet. `told` hears of its rounds, and between them the event loop has its turn.
 */
export async function compareContenders(
  backend: Backend,
  contenders: readonly Contender[],
  now: number,
  signal: AbortSignal,
  limit?: TimeLimit,
  challenge?: Challenge,
  told: TellRound = () => {},
): Promise<ComparedContenders> {
  const began = limit?.clock.elapsed() ?? 0;
  const plan = planComparison(contenders, limit);
  if ('reason' in plan) return { comparison: null, notes: [plan.reason] };
  const notes = [...plan.notes];
  await backend.prefetch?.(
    plan.contenders.map(({ configuration }) => configuration),
    signal,
  );
  const entrants: Entrant[] = [];
  for (const contender of plan.contenders) entrants.push(await Entrant.prepare(backend, contender, signal));
  const working = entrants.filter((entrant) => entrant.works);
  if (working.length < 2) return { comparison: null, notes: [...notes, ...entrants.flatMap(noteOf)] };
  const { timing } = backend;
  const endMs = limit === undefined ? Number.POSITIVE_INFINITY : began + limit.ms;
  const limits = await limitsOf(backend, endMs - (limit?.clock.elapsed() ?? 0));
  const meeting = {
    backend,
    signal,
    now,
    contenders: working,
    limit,
    endMs,
    challenge,
    told,
    // Each device has processes of its own.
    processes: backend.sideBySide === undefined ? plan.processes : 1,
  };
  const measured =
    timing.kind === 'exact'
      ? await exactRounds(backend, working, timing.rounds, signal, told)
      : await noisyRounds(meeting, notes);
  const { entrants: met } = measured;
  notes.push(...entrants.filter((each) => !met.includes(each)).flatMap(noteOf), ...met.flatMap(noteOf));
  const comparison = comparisonOf(met, measured, timing.kind, now);
  if (!comparison.roundsUs.some((row) => row.some((time) => time !== null)))
    return { comparison: null, notes };
  return { comparison: { ...comparison, environment: withMostOf(limits, comparison.environment) }, notes };
}

function comparisonOf(
  entrants: readonly Entrant[],
  {
    roundsUs,
    roundsByProcess,
    isCut,
    environment,
  }: Pick<Comparison, 'roundsUs' | 'roundsByProcess' | 'isCut' | 'environment'>,
  clock: Backend['timing']['kind'],
  comparedAt: number,
): Comparison {
  const metrics = entrants.map((entrant) => entrant.metrics);
  return {
    kind: clock === 'exact' ? 'ensemble' : 'sampled',
    variants: entrants.map(({ contender }) => contender),
    roundsUs: roundsUs.map((row) => row.map((time, place) => (entrants[place].works ? time : null))),
    ...(roundsByProcess && { roundsByProcess }),
    ...(isCut && { isCut }),
    ...(metrics.some((some) => some !== null) && { metrics }),
    comparedAt,
    environment,
  };
}

async function exactRounds(
  backend: Backend,
  entrants: readonly Entrant[],
  rounds: number,
  signal: AbortSignal,
  told: TellRound,
) {
  const session = await backend.session(
    entrants.flatMap(({ variant }) => variant),
    signal,
  );
  try {
    const roundsUs: ComparedRound[] = [];
    for (let round = 0; round < rounds; round++) {
      const row: (number | null)[] = [];
      for (const entrant of entrants) row.push(await entrant.sample(session, round, signal));
      roundsUs.push(row);
      told(roundsUs.length, rounds);
      await nextTurn();
    }
    return { roundsUs, entrants, environment: session.environment() };
  } finally {
    await session.close();
  }
}

type Meeting = Readonly<{
  backend: Backend;
  contenders: readonly Entrant[];
  processes: number;
  signal: AbortSignal;
  now: number;
  limit: TimeLimit | undefined;
  /** On the limit's clock. */
  endMs: number;
  challenge: Challenge | undefined;
  told: TellRound;
}>;

/** All meet in a first heat; then those who challenge the fastest meet them, heat after heat. */
async function noisyRounds(meeting: Meeting, notes: string[]) {
  const { backend, signal, contenders, processes, limit, endMs, challenge, told } = meeting;
  const rounds = new NoisyRounds(backend, signal, limit, told);
  rounds.entrants.push(...contenders);
  await rounds.run(
    {
      places: contenders.map((_, place) => place),
      processes,
      rounds: MAX_ROUNDS,
      isEnough: (share) => hasEnough(rounds.roundsUs, workingPlaces(contenders), share),
      certain: () => certainRounds(rounds.roundsUs, workingPlaces(contenders)),
    },
    challenge === undefined ? endMs : endOfFirstHeat(meeting),
  );
  const isCut = challenge !== undefined && (await runChallenges(meeting, challenge, rounds));
  notes.push(...rounds.notes, ...(isCut ? [CUT] : []));
  return { ...rounds.measured, ...(isCut && { isCut }), entrants: rounds.entrants };
}

/** On the limit's clock: a share of the time, or as much as the fewest rounds need; all of it where little would be left. */
function endOfFirstHeat({ contenders, processes, limit, endMs }: Meeting): number {
  if (limit === undefined) return endMs;
  const beganMs = limit.clock.elapsed();
  const leftMs = endMs - beganMs;
  const fewestMs = comparisonMs({ contenders: contenders.length, processes, rounds: MIN_ROUNDS }, limit);
  return fewestMs <= leftMs * MOST_OF_FIRST_HEAT ? beganMs + Math.max(fewestMs, leftMs * FIRST_HEAT) : endMs;
}

/** Heat after heat, until nobody challenges; true where there was no room for somebody who does. */
async function runChallenges(meeting: Meeting, challenge: Challenge, rounds: NoisyRounds): Promise<boolean> {
  if (rounds.roundsUs.length === 0) return false;
  const mostSamples = rounds.samples * (1 + MORE_SAMPLES);
  for (let heat = 0; ; heat++) {
    const seen = (): Comparison => comparisonOf(rounds.entrants, rounds.measured, 'noisy', meeting.now);
    const challengers = challenge.next(seen());
    const count = challengers.joining.length + challengers.again.length;
    if (count === 0) return false;
    const size = count + challengers.beside.length;
    const processes = processesOfHeat(meeting, size);
    // A heat in which nobody would have times enough is none.
    const fits = roundsWithin(mostSamples - rounds.samples, size) >= FEWEST_SAMPLES;
    const hasRoom = heat < MOST_HEATS && fits && processes > 0;
    if (!hasRoom || meeting.signal.aborted) return true;
    await runHeat(meeting, challenge, { ...challengers, rounds, seen, processes, mostSamples });
  }
}

type ChallengeHeat = ReturnType<Challenge['next']> &
  Readonly<{ rounds: NoisyRounds; seen: () => Comparison; processes: number; mostSamples: number }>;

async function runHeat(
  { backend, signal, endMs }: Meeting,
  challenge: Challenge,
  { joining, again, beside, rounds, seen, processes, mostSamples }: ChallengeHeat,
): Promise<void> {
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
  if (challenging.length === 0) return;
  const turns = turnsOf(beside, challenging, backend.sideBySide !== undefined);
  const from = rounds.roundsUs.length;
  const lost = new Set<number>();
  const goesOn = (place: number): boolean => beside.includes(place) || !lost.has(place);
  const left = (places: readonly number[]): number =>
    roundsWithin(mostSamples - rounds.samples, places.length);
  const isEnough = (): boolean => {
    const heat = rounds.roundsUs.slice(from);
    const isNext = (place: number): boolean =>
      goesOn(place) && rounds.entrants[place].works && turns.has(place, heat.length);
    if (left([...beside, ...challenging].filter(isNext)) < 1) return true;
    if (!turns.isEnd(heat.length)) return false;
    for (const place of challenge.lost(seen())) lost.add(place);
    const open = challenging.filter((place) => !lost.has(place) && rounds.entrants[place].works);
    return open.length === 0 || hasEnough(heat, [...beside, ...open], 1);
  };
  const certain = (): number => {
    const done = rounds.roundsUs.length - from;
    return Math.min(turns.nextEnd(done), done + Math.max(1, left([...beside, ...challenging])));
  };
  const isIn = (place: number, round: number): boolean => turns.has(place, round - from);
  await rounds.run(
    {
      places: [...beside, ...challenging],
      processes,
      rounds: ROUNDS_OF_HEAT,
      isEnough,
      certain,
      goesOn,
      isIn,
    },
    endMs,
  );
  // A lucky time or two would make it the fastest, with an unknown gain.
  rounds.leave(
    joined.filter((place) => rounds.entrants[place].works && rounds.timed(place) < FEWEST_SAMPLES),
  );
}

/** How many rounds come closest to so many samples. */
function roundsWithin(samples: number, size: number): number {
  return Math.round(samples / size);
}

/** In how many processes so many can meet in rounds enough to lose; 0 where the time left is too short. */
function processesOfHeat({ limit, endMs, processes: most }: Meeting, contenders: number): number {
  const processes = Math.min(PROCESSES_OF_HEAT, most);
  if (limit === undefined) return processes;
  return processesWithin(
    endMs - limit.clock.elapsed(),
    { contenders, processes, rounds: ROUNDS_TO_LOSE },
    limit,
  );
}

/** The machine's limits, beside the results that count, where a time that was asked for is enough for both. */
async function limitsOf(backend: Backend, leftMs: number): Promise<Comparison['environment']> {
  return leftMs < LEAST_MS_WITH_LIMITS ? {} : ((await backend.limits?.()) ?? {});
}

function workingPlaces(entrants: readonly Entrant[]): readonly number[] {
  return entrants.flatMap(({ works }, place) => (works ? [place] : []));
}

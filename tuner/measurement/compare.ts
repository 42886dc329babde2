import { permutation, randomFor } from '../../search-space/random.ts';
import type { Comparison } from '../../store/comparison.ts';
import { type Backend, BackendGone, type TimingSession } from '../backend.ts';
import { planComparison, type TimeLimit } from './comparison-plan.ts';
import { type Contender, Entrant, noteOf } from './entrant.ts';
import { withMostOf } from './machine-limits.ts';
import { isPreciseEnough } from './precision.ts';

type Row = readonly (number | null)[];

const MIN_ROUNDS = 20;
/** Enough where each round repeats the first, as that of a program which simulates: more would say the same. */
const MIN_ROUNDS_REPEATED = 10;
const MAX_ROUNDS = 100;
/** The machine's limits take a fraction of a second, on a busy machine some. */
const LEAST_MS_WITH_LIMITS = 3000;

/** A comparison, or null where there was none to make, with what a reader should know of how it went. */
export type ComparedContenders = Readonly<{ comparison: Comparison | null; notes: readonly string[] }>;

/**
 * Interleaved rounds over all contenders. One that fails now, though its screening went well, has nulls;
 * one that no longer works has nothing else. Where time is short only as many contenders meet as it is enough
 * for. Null where fewer than two can meet.
 */
export async function compareContenders(
  backend: Backend,
  contenders: readonly Contender[],
  now: number,
  signal: AbortSignal,
  limit?: TimeLimit,
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
  const left = () => limit && { ...limit, ms: limit.ms - (limit.clock.elapsed() - began) };
  const limits = await limitsOf(backend, left());
  const { roundsUs, environment, ...processes } =
    timing.kind === 'exact'
      ? await exactRounds(backend, working, timing.rounds, signal)
      : await noisyRounds(backend, working, plan.processes, signal, left(), notes);
  notes.push(...entrants.flatMap(noteOf));
  const times = roundsUs.map((row) => row.map((time, place) => (working[place].works ? time : null)));
  if (!times.some((row) => row.some((time) => time !== null))) return { comparison: null, notes };
  const kind = timing.kind === 'exact' ? 'ensemble' : 'sampled';
  const variants = working.map(({ contender }) => contender);
  const around = withMostOf(limits, environment);
  const metrics = working.map((entrant) => entrant.metrics);
  const comparison = {
    kind,
    variants,
    roundsUs: times,
    ...processes,
    ...(metrics.some((some) => some !== null) && { metrics }),
    comparedAt: now,
    environment: around,
  } as const;
  return { comparison, notes };
}

async function exactRounds(
  backend: Backend,
  entrants: readonly Entrant[],
  rounds: number,
  signal: AbortSignal,
) {
  const session = await backend.session(
    entrants.flatMap(({ variant }) => variant),
    signal,
  );
  try {
    const roundsUs: Row[] = [];
    for (let round = 0; round < rounds; round++) {
      const row: (number | null)[] = [];
      for (const entrant of entrants) row.push(await entrant.sample(session, round, signal));
      roundsUs.push(row);
    }
    return { roundsUs, environment: session.environment() };
  } finally {
    await session.close();
  }
}

/** A backend that is gone leaves the rounds that it gave. */
async function noisyRounds(
  backend: Backend,
  entrants: readonly Entrant[],
  processes: number,
  signal: AbortSignal,
  limit: TimeLimit | undefined,
  notes: string[],
) {
  const roundsUs: Row[] = [];
  const firsts: number[] = [];
  let environment: Comparison['environment'] = {};
  const began = limit?.clock.elapsed() ?? 0;
  let roundMs = (limit?.sampleMs ?? 0) * workingPlaces(entrants).length;
  const isOver = (share: number, startMs = 0): boolean => {
    if (limit === undefined) return false;
    return limit.clock.elapsed() - began + startMs + roundMs > limit.ms * share;
  };
  let process = 0;
  let processMs = 0;
  const mayStart = (): boolean =>
    process < processes &&
    !signal.aborted &&
    workingPlaces(entrants).length > 1 &&
    (process === 0 || !isOver(1, processMs));
  try {
    for (; mayStart(); process++) {
      const share = (process + 1) / processes;
      const opened = await opening(backend, entrants, signal, limit?.clock);
      processMs = opened.tookMs;
      const first = roundsUs.length;
      firsts.push(first);
      const openedMs = limit?.clock.elapsed() ?? 0;
      const isEnough = (): boolean => {
        if (limit !== undefined) roundMs = (limit.clock.elapsed() - openedMs) / (roundsUs.length - first);
        return isOver(share) || hasEnough(roundsUs, entrants, share);
      };
      const { session } = opened;
      const seen = await roundsOfProcess(session, entrants, roundsUs, MAX_ROUNDS * share, isEnough, signal);
      environment = withMostOf(environment, seen);
    }
  } catch (error) {
    if (!(error instanceof BackendGone)) throw error;
    notes.push(`The final comparison was cut short: ${error.message}.`);
  }
  const roundsByProcess = firsts.map((first, n) => (firsts[n + 1] ?? roundsUs.length) - first);
  return { roundsUs, roundsByProcess, environment: { ...environment, processes: process } };
}

/** The machine's limits, beside the results that count, where a time that was asked for is enough for both. */
async function limitsOf(backend: Backend, limit: TimeLimit | undefined): Promise<Comparison['environment']> {
  if (limit !== undefined && limit.ms < LEAST_MS_WITH_LIMITS) return {};
  return (await backend.limits?.()) ?? {};
}

/** A session in a new process, and how long its start took. Milliseconds. */
async function opening(
  backend: Backend,
  entrants: readonly Entrant[],
  signal: AbortSignal,
  clock: TimeLimit['clock'] | undefined,
) {
  const began = clock?.elapsed() ?? 0;
  const variants = entrants.flatMap(({ variant }) => variant);
  const session = await backend.session(variants, signal, { fresh: true });
  return { session, tookMs: (clock?.elapsed() ?? 0) - began };
}

/** Adds the rounds of one process; its environment. */
async function roundsOfProcess(
  session: TimingSession,
  entrants: readonly Entrant[],
  roundsUs: Row[],
  quota: number,
  isEnough: () => boolean,
  signal: AbortSignal,
): Promise<Comparison['environment']> {
  try {
    while (roundsUs.length < Math.ceil(quota) && !signal.aborted) {
      roundsUs.push(await shuffledRound(session, entrants, roundsUs.length, signal));
      if (isEnough()) break;
    }
    return session.environment();
  } finally {
    await session.close();
  }
}

/** Of those that still work. */
function hasEnough(roundsUs: readonly Row[], entrants: readonly Entrant[], share: number): boolean {
  const places = workingPlaces(entrants);
  if (places.length < 2) return true;
  const rounds = roundsUs.map((row) => places.map((place) => row[place]));
  if (rounds.every((row) => row.every((time, n) => time !== null && time === rounds[0][n])))
    return rounds.length >= Math.ceil(MIN_ROUNDS_REPEATED * share);
  return rounds.length >= Math.ceil(MIN_ROUNDS * share) && isPreciseEnough(rounds);
}

function workingPlaces(entrants: readonly Entrant[]): readonly number[] {
  return entrants.flatMap(({ works }, place) => (works ? [place] : []));
}

async function shuffledRound(
  session: TimingSession,
  entrants: readonly Entrant[],
  round: number,
  signal: AbortSignal,
): Promise<Row> {
  const row: (number | null)[] = entrants.map(() => null);
  for (const place of permutation(randomFor('round', round), entrants.length)) {
    row[place] = await entrants[place].sample(session, round, signal);
  }
  return row;
}

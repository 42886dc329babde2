import type { Comparison } from '../../store/comparison.ts';
import { type Backend, isInProcesses } from '../backend.ts';
import { type Challenge, type Meeting, runChallenge } from './challenge-heat.ts';
import { comparisonMs, planComparison, type TimeLimit } from './comparison-plan.ts';
import { certainRounds, hasEnough, MIN_ROUNDS, MOST_ROUNDS } from './enough-rounds.ts';
import { type Contender, Entrant, noteOf } from './entrant.ts';
import { withMostOf } from './machine-limits.ts';
import { type ComparedRound, NoisyRounds } from './noisy-rounds.ts';

/** The machine's limits take a fraction of a second, on a busy machine some. */
const LEAST_MS_WITH_LIMITS = 3000;
/** Of the time of a comparison, what the first heat takes where there is a challenge, and the rest is not needed for its rounds. */
const FIRST_HEAT = 2 / 3;
const MOST_HEATS = 8;
/** Of all samples, those of later heats are at most so many times as many as the first one's; fewer where each is an execution. */
const MORE_SAMPLES = 2;
const MORE_EXECUTIONS = 1 / 2;

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
  challenge?: Challenge,
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
    // Each device has processes of its own.
    processes: backend.sideBySide === undefined ? plan.processes : 1,
  };
  const measured =
    timing.kind === 'exact'
      ? await exactRounds(backend, working, timing.rounds, signal)
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
    environment,
  }: Pick<Comparison, 'roundsUs' | 'roundsByProcess' | 'environment'>,
  clock: Backend['timing']['kind'],
  comparedAt: number,
): Comparison {
  const metrics = entrants.map((entrant) => entrant.metrics);
  return {
    kind: clock === 'exact' ? 'ensemble' : 'sampled',
    variants: entrants.map(({ contender }) => contender),
    roundsUs: roundsUs.map((row) => row.map((time, place) => (entrants[place].works ? time : null))),
    ...(roundsByProcess && { roundsByProcess }),
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
    }
    return { roundsUs, entrants, environment: session.environment() };
  } finally {
    await session.close();
  }
}

/** All meet in a first heat; then those who challenge the fastest meet them, heat after heat. */
async function noisyRounds(meeting: Meeting, notes: string[]) {
  const { backend, signal, contenders, processes, limit, endMs, challenge } = meeting;
  const rounds = new NoisyRounds(backend, signal, limit);
  rounds.entrants.push(...contenders);
  await rounds.run(
    {
      places: contenders.map((_, place) => place),
      processes,
      rounds: MOST_ROUNDS,
      isEnough: (share) => hasEnough(rounds.roundsUs, workingPlaces(contenders), share),
      certain: () => certainRounds(rounds.roundsUs, workingPlaces(contenders)),
    },
    challenge === undefined ? endMs : endOfFirstHeat(meeting),
  );
  const more = isInProcesses(backend.timing) ? MORE_SAMPLES : MORE_EXECUTIONS;
  const mostSamples = rounds.samples * (1 + more);
  const seen = (): Comparison => comparisonOf(rounds.entrants, rounds.measured, 'noisy', meeting.now);
  for (let heat = 0; challenge !== undefined && heat < MOST_HEATS; heat++) {
    if (signal.aborted || rounds.roundsUs.length === 0 || rounds.samples >= mostSamples) break;
    if (!(await runChallenge(meeting, challenge, rounds, { seen, mostSamples }))) break;
  }
  notes.push(...rounds.notes);
  return { ...rounds.measured, entrants: rounds.entrants };
}

/** On the limit's clock: the end of all where time is short. */
function endOfFirstHeat({ contenders, processes, limit, endMs }: Meeting): number {
  if (limit === undefined) return endMs;
  const beganMs = limit.clock.elapsed();
  const ms = (endMs - beganMs) * FIRST_HEAT;
  return comparisonMs({ contenders: contenders.length, processes, rounds: MIN_ROUNDS }, limit) <= ms
    ? beganMs + ms
    : endMs;
}

/** The machine's limits, beside the results that count, where a time that was asked for is enough for both. */
async function limitsOf(backend: Backend, leftMs: number): Promise<Comparison['environment']> {
  return leftMs < LEAST_MS_WITH_LIMITS ? {} : ((await backend.limits?.()) ?? {});
}

function workingPlaces(entrants: readonly Entrant[]): readonly number[] {
  return entrants.flatMap(({ works }, place) => (works ? [place] : []));
}

import { permutation, randomFor } from '../../search-space/random.ts';
import type { Phases, Proposal, Result, SettledTrial } from '../../store/trial.ts';
import { type Backend, disturbed, type Sample, type TimingSession, type Variant } from '../backend.ts';
import type { Study } from '../study-definition.ts';
import type { Screening } from './_base.ts';
import { Baseline } from './baseline.ts';
import { oneByOne, peersOf } from './one-by-one.ts';
import { prepareVariant } from './prepare-variant.ts';
import { quantile } from './statistics.ts';
import type { TimeAllowance } from './time-allowance.ts';
import { MOST_FAILURES_IN_A_ROW, UnsteadyRuns } from './unsteady-runs.ts';

/** After each of these numbers of rounds only the faster of a trial's peers are timed further; the last is the most. */
const HALVINGS = [3, 6, 9] as const;
const KEPT = 1 / 2;

/**
 * Interleaved rounds in random order with the default as a fixed baseline. The time is the lower
 * quartile over the baseline's in the same rounds, times the baseline's own time at the study's
 * beginning: the machine may drift, the ranking does not.
 *
 * Trials come one by one, so the halving is asynchronous (ASHA: Li et al., MLSys 2020, §3): a trial gets
 * more rounds where it is in the best half of what was timed for its subset, then in the best quarter.
 * Slow runs get as few rounds as the time that was asked for allows.
 */
export function noisyScreening(
  backend: Backend,
  study: Study,
  log: readonly SettledTrial[],
  allowance: TimeAllowance,
): Screening {
  let baseline: Baseline | undefined;
  let settled = log.length;
  const unsteady = new UnsteadyRuns();

  const timeOne = async (proposal: Proposal, signal: AbortSignal): Promise<Result> => {
    baseline ??= Baseline.of(backend, study, log);
    const beside = await baseline?.variant(signal);
    const variant = await allowance.prepare(() => prepareVariant(backend, proposal, signal));
    if ('state' in variant) return { ...proposal, ...variant };
    const session = await backend.session(beside === undefined ? [variant] : [variant, beside], signal);
    try {
      const seed = `${study.seed}:${settled++}`;
      const peers = peersOf(proposal, log);
      const isPaired = beside !== undefined && allowance.hasRoomFor(2);
      const rounds = { session, variant, baseline, isPaired, seed, peers, allowance, signal, unsteady };
      return { ...proposal, ...(await timeInRounds(rounds)) };
    } finally {
      await session.close();
    }
  };

  return {
    time: oneByOne(timeOne),
    hasTime: () => allowance.hasRoomFor(1),
    notes: () => [baseline?.note ?? [], unsteady.note ?? []].flat(),
  };
}

type RoundsOf = Readonly<{
  session: TimingSession;
  variant: Variant;
  baseline: Baseline | undefined;
  /** Whether the baseline runs beside it. */
  isPaired: boolean;
  seed: string;
  peers: readonly number[];
  allowance: TimeAllowance;
  signal: AbortSignal;
  /** Told each failure after which a time was found all the same. */
  unsteady: UnsteadyRuns;
}>;

type Timed = Extract<Sample, { state: 'timed' }>;
type Round = Readonly<{ own: Timed; baselineUs?: number }>;

async function timeInRounds(asked: RoundsOf) {
  const { isPaired, seed, peers, allowance, signal } = asked;
  const spentMs = allowance.stopwatch();
  const rounds: Round[] = [];
  let dropped: Extract<Sample, { state: 'dropped' }> | undefined;
  const failures: Extract<Sample, { state: 'invalid' }>[] = [];
  let inARow = 0;
  let share = 1;
  let played = 0;
  const mayPlay = (): boolean =>
    !signal.aborted && (played === 0 || allowance.allowsTrial(spentMs(), isPaired ? 2 : 1));
  for (const end of HALVINGS) {
    for (; played < end && mayPlay(); played++) {
      const round = await playRound(asked, randomFor(seed, played), played);
      if ('own' in round) rounds.push(round);
      else if (round.state === 'dropped') dropped = round;
      else {
        failures.push(round);
        inARow++;
        if (rounds.length === 0 || inARow === MOST_FAILURES_IN_A_ROW) return round;
        continue;
      }
      inARow = 0;
    }
    if (rounds.length === 0) return disturbed(dropped);
    share *= KEPT;
    if (peers.length > 0 && timeOf(rounds, asked.baseline) > quantile(peers, share)) break;
  }
  // One that fails more often than not does not work.
  const last = failures.at(-1);
  if (last !== undefined && failures.length > rounds.length) return last;
  for (const { message } of failures) asked.unsteady.observe(message);
  return outcomeOf(rounds, asked.baseline);
}

/** Phases are those of the fastest sample. */
function outcomeOf(rounds: readonly Round[], baseline: Baseline | undefined) {
  const fastest = rounds.reduce((best, round) => (round.own.timeUs < best.own.timeUs ? round : best));
  const phases: Phases | undefined = fastest.own.phases;
  return {
    state: 'timed',
    timeUs: timeOf(rounds, baseline),
    samplesUs: rounds.map(({ own }) => own.timeUs),
    ...(phases && { phases }),
  } as const;
}

/** A failure is the variant's own; that of the baseline leaves the round without it. */
async function playRound(
  { session, variant, baseline, isPaired, allowance, signal }: RoundsOf,
  random: ReturnType<typeof randomFor>,
  round: number,
): Promise<Round | Exclude<Sample, { state: 'timed' }>> {
  const beside = isPaired ? await baseline?.variant(signal) : undefined;
  const variants = beside === undefined ? [variant] : [variant, beside];
  const samples: Sample[] = [];
  for (const place of permutation(random, variants.length)) {
    const sample = await allowance.sample(() => session.sample(variants[place], round));
    if (place > 0) baseline?.observe(sample, signal);
    else if (sample.state !== 'timed') return sample;
    samples[place] = sample;
  }
  const [own, other] = samples;
  if (own.state !== 'timed') return own;
  return other?.state === 'timed' ? { own, baselineUs: other.timeUs } : { own };
}

/**
 * Relative to the baseline where at least half of the rounds have one, else by the clock alone. Microseconds.
 * The quartiles are divided, not the rounds: the smallest ratios are of rounds with a disturbed baseline.
 */
function timeOf(rounds: readonly Round[], baseline: Baseline | undefined): number {
  const paired = rounds.filter(({ baselineUs }) => baselineUs !== undefined);
  if (baseline === undefined || paired.length * 2 < rounds.length)
    return lowerQuartile(rounds.map(({ own }) => own.timeUs));
  const baselines = paired.flatMap(({ baselineUs }) => baselineUs ?? []);
  return (lowerQuartile(paired.map(({ own }) => own.timeUs)) / lowerQuartile(baselines)) * baseline.timeUs;
}

function lowerQuartile(times: readonly number[]): number {
  return quantile(times, 0.25);
}

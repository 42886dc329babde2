import { permutation, randomFor } from '../../search-space/random.ts';
import type { Phases, Proposal, Result, SettledTrial } from '../../store/trial.ts';
import { type Backend, disturbed, type Sample, type TimingSession, type Variant } from '../backend.ts';
import { medianMetrics } from '../objectives/metrics.ts';
import type { Study } from '../study-definition.ts';
import type { Screening } from './_base.ts';
import { Baseline } from './baseline.ts';
import { oneByOne, peersOf } from './one-by-one.ts';
import { prepareVariant } from './prepare-variant.ts';
import { RunFailures } from './run-failures.ts';
import { quantile } from './statistics.ts';
import { LONG_RUN_US, SLOW_MS, type TimeAllowance } from './time-allowance.ts';

/** Where a run takes long, so many times as slow as the fastest of its peers needs no second round. */
const HOPELESS = 3;
/** Of the time that was asked for, what one trial's slow rounds take at most: long samples scatter little. */
const TRIAL_SHARE = 1 / 64;
/** After each of these numbers of rounds only the faster of a trial's peers are timed further; the last is the most. */
const HALVINGS = [3, 6, 9] as const;
const KEPT = 1 / 2;

/**
 * Interleaved rounds in random order with a baseline, which is the default unless that takes long. The time is
 * the lower quartile over the baseline's in the same rounds, times the baseline's own time in its trial: the
 * machine may drift, the ranking does not. A slow baseline would take the time of other trials, and long samples
 * scatter little: beside none the clock alone tells.
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
  const notes: (string | readonly string[])[] = [];
  let settled = log.length;
  const failures = new RunFailures();

  const timeOne = async (proposal: Proposal, signal: AbortSignal): Promise<Result> => {
    const chosen = Baseline.of(backend, study, log, baseline);
    if (chosen !== baseline) notes.push(baseline?.note ?? []);
    baseline = chosen;
    const isSlow = (baseline?.timeUs ?? 0) >= 1000 * SLOW_MS;
    const beside = isSlow ? undefined : await baseline?.variant(signal);
    const variant = await allowance.prepare(() => prepareVariant(backend, proposal, signal));
    if ('state' in variant) return { ...proposal, ...variant };
    const session = await backend.session(beside === undefined ? [variant] : [variant, beside], signal);
    try {
      const seed = `${study.seed}:${settled++}`;
      const peers = peersOf(proposal, log);
      const isPaired = beside !== undefined && allowance.hasRoomFor(2);
      const own = failures.ofTrial(proposal.origin === 'default');
      const rounds = { session, variant, baseline, isPaired, seed, peers, allowance, signal, failures: own };
      return { ...proposal, ...(await timeInRounds(rounds)) };
    } finally {
      await session.close();
    }
  };

  return {
    time: oneByOne(timeOne),
    hasTime: () => allowance.hasRoomFor(1),
    notes: () => [...notes, baseline?.note ?? [], failures.notes()].flat(),
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
  failures: ReturnType<RunFailures['ofTrial']>;
}>;

type Timed = Extract<Sample, { state: 'timed' }>;
type Round = Readonly<{ own: Timed; baselineUs?: number }>;

async function timeInRounds(asked: RoundsOf) {
  const { seed, peers, allowance, signal, failures } = asked;
  const spentMs = allowance.stopwatch();
  const rounds: Round[] = [];
  let dropped: Extract<Sample, { state: 'dropped' }> | undefined;
  let share = 1;
  let played = 0;
  const mayPlay = (): boolean =>
    !signal.aborted &&
    (played === 0 ||
      (rounds.length === 0
        ? allowance.hasRoomFor(1)
        : allowance.allowsTrial(spentMs(), played, TRIAL_SHARE)));
  const fastestPeerUs = peers.reduce((least, timeUs) => Math.min(least, timeUs), Number.POSITIVE_INFINITY);
  const isHopeless = (): boolean =>
    rounds.length > 0 && rounds[0].own.timeUs > Math.max(LONG_RUN_US, HOPELESS * fastestPeerUs);
  for (const end of HALVINGS) {
    for (; played < end && mayPlay() && !isHopeless(); played++) {
      const round = await playRound(asked, randomFor(seed, played), played);
      if ('own' in round) {
        rounds.push(round);
        failures.worked();
      } else if (round.state === 'dropped') dropped = round;
      else {
        const failure = failures.failed(round);
        if (failure !== undefined) return failure;
      }
    }
    if (rounds.length === 0) return failures.end() ?? disturbed(dropped);
    share *= KEPT;
    if (isHopeless() || (peers.length > 0 && timeOf(rounds, asked.baseline) > quantile(peers, share))) break;
  }
  return failures.end() ?? outcomeOf(rounds, asked.baseline);
}

/** Phases are those of the fastest sample, metrics the medians. */
function outcomeOf(rounds: readonly Round[], baseline: Baseline | undefined) {
  const fastest = rounds.reduce((best, round) => (round.own.timeUs < best.own.timeUs ? round : best));
  const phases: Phases | undefined = fastest.own.phases;
  return {
    state: 'timed',
    timeUs: timeOf(rounds, baseline),
    samplesUs: rounds.map(({ own }) => own.timeUs),
    ...(phases && { phases }),
    ...medianMetrics(rounds.map(({ own }) => own)),
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

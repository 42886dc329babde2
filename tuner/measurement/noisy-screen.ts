import { configurationKey } from '../../search-space/parameter.ts';
import { permutation, randomFor } from '../../search-space/random.ts';
import type { Proposal, Result, SettledTrial } from '../../store/trial.ts';
import { type Backend, DISTURBED, type Failure, type Session, type Variant } from '../backend.ts';
import type { Study } from '../study.ts';
import { ready, type Screen } from './ready.ts';
import { quantile } from './statistics.ts';

/** Rounds after which only the better half of a trial's peers goes on; the last are the most. */
const HALVINGS = [3, 6, 9] as const;
const KEPT = 1 / 2;

/** The default made runnable, with the time that its own trial had at the study's beginning. */
type Baseline = Readonly<{ variant: Variant; timeUs: number }>;

/**
 * Interleaved rounds in random order with the default as a fixed baseline. The time is the lower
 * quartile over the baseline's in the same rounds, times the baseline's own time at the study's
 * beginning: the machine may drift, the ranking does not.
 *
 * Trials come one by one, so the halving is asynchronous (ASHA: Li et al., MLSys 2020, §3): a trial goes
 * on where it is among the best half of what was timed for its subset, then among the best quarter.
 */
export function noisyScreen(backend: Backend, study: Study, log: readonly SettledTrial[]): Screen {
  let baseline: Baseline | undefined;
  let settled = log.length;

  const screenOne = async (proposal: Proposal, signal: AbortSignal): Promise<Result> => {
    baseline ??= await baselineOf(backend, study, log, signal);
    const variant = await ready(backend, proposal, signal);
    if ('state' in variant) return { ...proposal, ...variant };
    const session = await backend.session(
      baseline === undefined ? [variant] : [variant, baseline.variant],
      signal,
    );
    try {
      const seed = `${study.seed}:${settled++}`;
      const peers = peersOf(proposal, log);
      return { ...proposal, ...(await screened({ session, variant, baseline, seed, peers, signal })) };
    } finally {
      await session.close();
    }
  };

  return async (proposals, signal) => {
    const results: Result[] = [];
    for (const proposal of proposals) {
      if (signal.aborted) break;
      const result = await screenOne(proposal, signal);
      // What an interruption cut short did not fail.
      if (signal.aborted && result.state === 'invalid') break;
      results.push(result);
    }
    return results;
  };
}

async function baselineOf(
  backend: Backend,
  study: Study,
  log: readonly SettledTrial[],
  signal: AbortSignal,
): Promise<Baseline | undefined> {
  const { parameters } = study.space;
  const key = configurationKey(parameters, study.default);
  for (const trial of log) {
    if (trial.state !== 'timed' || configurationKey(parameters, trial.configuration) !== key) continue;
    const variant = await ready(backend, trial, signal);
    return 'state' in variant ? undefined : { variant, timeUs: trial.timeUs };
  }
  return undefined;
}

/** The times so far of what was proposed for the same subset. Microseconds. */
function peersOf({ subset }: Proposal, log: readonly SettledTrial[]): readonly number[] {
  return log.flatMap((trial) => (trial.state === 'timed' && trial.subset === subset ? [trial.timeUs] : []));
}

type Asked = Readonly<{
  session: Session;
  variant: Variant;
  baseline: Baseline | undefined;
  seed: string;
  peers: readonly number[];
  signal: AbortSignal;
}>;

type Round = Readonly<{ timeUs: number; baselineUs?: number }>;

async function screened({ session, variant, baseline, seed, peers, signal }: Asked) {
  const rounds: Round[] = [];
  let share = 1;
  let played = 0;
  for (const end of HALVINGS) {
    for (; played < end && !signal.aborted; played++) {
      const round = await playRound(session, variant, baseline, randomFor(seed, played), played);
      if (round !== undefined && 'state' in round) return round;
      if (round !== undefined) rounds.push(round);
    }
    if (rounds.length === 0) return DISTURBED;
    share *= KEPT;
    if (peers.length > 0 && timeOf(rounds, baseline) > quantile(peers, share)) break;
  }
  return {
    state: 'timed',
    timeUs: timeOf(rounds, baseline),
    samplesUs: rounds.map(({ timeUs }) => timeUs),
  } as const;
}

/** A failure of either; undefined where the variant had no clean sample. */
async function playRound(
  session: Session,
  variant: Variant,
  baseline: Baseline | undefined,
  random: ReturnType<typeof randomFor>,
  round: number,
): Promise<Round | Failure | undefined> {
  const variants = baseline === undefined ? [variant] : [variant, baseline.variant];
  const times: (number | undefined)[] = [];
  for (const place of permutation(random, variants.length)) {
    const sample = await session.sample(variants[place], round);
    if (sample.state === 'invalid') return sample;
    if (sample.state === 'timed') times[place] = sample.timeUs;
  }
  const [timeUs, baselineUs] = times;
  if (timeUs === undefined) return undefined;
  return baselineUs === undefined ? { timeUs } : { timeUs, baselineUs };
}

/**
 * Against the baseline where half of the rounds have one, by the clock alone elsewhere. Microseconds.
 * The quartiles are divided, not the rounds: the least ratios are those whose baseline was disturbed.
 */
function timeOf(rounds: readonly Round[], baseline: Baseline | undefined): number {
  const paired = rounds.filter(({ baselineUs }) => baselineUs !== undefined);
  if (baseline === undefined || paired.length * 2 < rounds.length)
    return lowerQuartile(rounds.map(({ timeUs }) => timeUs));
  const baselines = paired.flatMap(({ baselineUs }) => baselineUs ?? []);
  return (lowerQuartile(paired.map(({ timeUs }) => timeUs)) / lowerQuartile(baselines)) * baseline.timeUs;
}

function lowerQuartile(times: readonly number[]): number {
  return quantile(times, 0.25);
}

import { configurationKey } from '../../search-space/parameter.ts';
import { permutation, randomFor } from '../../search-space/random.ts';
import type { Proposal, SettledTrial } from '../../store/trial.ts';
import type { Result } from '../../store/trial-store.ts';
import type { Backend, Failure, Sample, Session, Variant } from '../backend.ts';
import type { Study } from '../study.ts';
import { quantile } from './statistics.ts';

/** Times a batch of proposals cheaply: good enough to rank, never to report a gain. */
export type Screen = (proposals: readonly Proposal[], signal: AbortSignal) => Promise<readonly Result[]>;

/** An exact clock is read once; a noisy one in rounds against the default. */
export function createScreen(backend: Backend, study: Study, log: readonly SettledTrial[]): Screen {
  return backend.timing.kind === 'exact' ? exactScreen(backend) : noisyScreen(backend, study, log);
}

/** Prepared and checked, or why not. */
async function ready(backend: Backend, proposal: Proposal, signal: AbortSignal): Promise<Variant | Failure> {
  const prepared = await backend.prepare(proposal, signal);
  if (prepared.state === 'invalid') return prepared;
  const verdict = await backend.verify(prepared.variant, signal);
  return verdict.state === 'invalid' ? verdict : prepared.variant;
}

function exactScreen(backend: Backend): Screen {
  return async (proposals, signal) => {
    const session = await backend.session([], signal);
    const results: Result[] = [];
    for (const proposal of proposals) {
      const variant = await ready(backend, proposal, signal);
      results.push({
        ...proposal,
        ...('state' in variant ? variant : outcomeOf(await session.sample(variant, 0))),
      });
    }
    await session.close();
    return results;
  };
}

function outcomeOf(sample: Sample) {
  if (sample.state === 'invalid') return sample;
  if (sample.state === 'dropped')
    return { state: 'invalid', reason: 'runtime', message: 'no clean sample' } as const;
  const { timeUs, phases } = sample;
  const timed = { state: 'timed', timeUs, samplesUs: [timeUs] } as const;
  return phases === undefined ? timed : { ...timed, phases };
}

/** What an invalid trial says where not the variant failed but its surroundings. */
export const DISTURBED = 'no clean sample: the machine was disturbed';

const ROUNDS = 9;
/** After this many rounds a variant this much slower than the best so far is not worth more of them. */
const EARLY_ROUNDS = 3;
const HOPELESS = 1.5;

/**
 * Interleaved rounds in random order with the default as a fixed baseline. The time is the lower
 * quartile of the ratio to the baseline in the same round, times the baseline's own time at the
 * study's beginning: the machine may drift, the ranking does not.
 */
function noisyScreen(backend: Backend, study: Study, log: readonly SettledTrial[]): Screen {
  let baseline: Readonly<{ variant: Variant; timeUs: number }> | undefined;
  let settled = log.length;

  const screenOne = async (proposal: Proposal, signal: AbortSignal): Promise<Result> => {
    baseline ??= await baselineOf(backend, study, log, signal);
    const variant = await ready(backend, proposal, signal);
    if ('state' in variant) return { ...proposal, ...variant };
    const variants = baseline === undefined ? [variant] : [variant, baseline.variant];
    const session = await backend.session(variants, signal);
    try {
      const rounds = await sampleRounds(session, variants, `${study.seed}:${settled++}`, signal, log);
      return { ...proposal, ...screened(rounds, baseline?.timeUs) };
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

/** The default made runnable, once it has been timed by a trial of its own. */
async function baselineOf(backend: Backend, study: Study, log: readonly SettledTrial[], signal: AbortSignal) {
  const { parameters } = study.space;
  const key = configurationKey(parameters, study.default);
  const trial = log.find(({ configuration }) => configurationKey(parameters, configuration) === key);
  if (trial?.state !== 'timed') return undefined;
  const variant = await ready(backend, trial, signal);
  return 'state' in variant ? undefined : { variant, timeUs: trial.timeUs };
}

type Round = Readonly<{ timeUs: number; baselineUs?: number }>;

async function sampleRounds(
  session: Session,
  variants: readonly Variant[],
  seed: string,
  signal: AbortSignal,
  log: readonly SettledTrial[],
): Promise<readonly Round[] | Failure> {
  const rounds: Round[] = [];
  for (let round = 0; round < ROUNDS && !signal.aborted; round++) {
    const times: (number | undefined)[] = [];
    for (const place of permutation(randomFor(seed, round), variants.length)) {
      const sample = await session.sample(variants[place], round);
      if (sample.state === 'invalid') return sample;
      if (sample.state === 'timed') times[place] = sample.timeUs;
    }
    const [timeUs, baselineUs] = times;
    if (timeUs !== undefined) rounds.push(baselineUs === undefined ? { timeUs } : { timeUs, baselineUs });
    if (rounds.length === EARLY_ROUNDS && hopeless(rounds, log)) break;
  }
  return rounds;
}

function hopeless(rounds: readonly Round[], log: readonly SettledTrial[]): boolean {
  const best = Math.min(...log.flatMap((trial) => (trial.state === 'timed' ? [trial.timeUs] : [])));
  return Math.min(...rounds.map(({ timeUs }) => timeUs)) > best * HOPELESS;
}

function screened(rounds: readonly Round[] | Failure, baselineUs: number | undefined) {
  if ('state' in rounds) return rounds;
  if (rounds.length === 0) {
    return {
      state: 'invalid',
      reason: 'runtime',
      message: DISTURBED,
    } as const;
  }
  const ratios = rounds.flatMap(({ timeUs, baselineUs: inRound }) =>
    inRound === undefined ? [] : [timeUs / inRound],
  );
  const times = rounds.map(({ timeUs }) => timeUs);
  const paired = baselineUs !== undefined && ratios.length * 2 >= rounds.length;
  const timeUs = paired ? quantile(ratios, 0.25) * baselineUs : quantile(times, 0.25);
  return { state: 'timed', timeUs, samplesUs: times } as const;
}

import type { Configuration } from '../../search-space/parameter.ts';
import { permutation, randomFor } from '../../search-space/random.ts';
import type { Comparison } from '../../store/comparison.ts';
import type { Backend, TimingSession, Variant } from '../backend.ts';
import type { Clock } from '../clock.ts';
import { prepareVariant } from './prepare-variant.ts';
import { median, quantile } from './statistics.ts';

/** A configuration in a comparison, under a name for people. */
export type Contender = Readonly<{ label: string; configuration: Configuration }>;

type Row = readonly (number | null)[];

/** A noisy comparison is spread over this many fresh processes: the interval of one misses the spread between them. */
const SESSIONS = 5;
const MIN_ROUNDS = 20;
const MAX_ROUNDS = 100;
/** A comparison may end once every ratio is known to this, as half the width of its interval over its median … */
const PRECISION = 0.02;
/** … and closer for those within this factor of the fastest, as one of them will be recommended. */
const NEAR = 1.05;
const PRECISION_NEAR = 0.01;

/** How long a comparison on a real machine may take. */
type TimeLimit = Readonly<{ clock: Pick<Clock, 'elapsed'>; ms: number }>;

/**
 * Interleaved rounds over all contenders. One that fails now, though its screening went well, has nulls.
 * Past the time limit each process still gives one round. Null where no contender works.
 */
export async function compareContenders(
  backend: Backend,
  contenders: readonly Contender[],
  now: number,
  signal: AbortSignal,
  limit?: TimeLimit,
): Promise<Comparison | null> {
  const variants = await Promise.all(contenders.map((contender) => prepare(backend, contender, signal)));
  const usable = contenders.filter((_, place) => variants[place] !== undefined);
  const prepared = variants.filter((variant) => variant !== undefined);
  if (prepared.length === 0) return null;
  const { roundsUs, environment } =
    backend.timing.kind === 'exact'
      ? await exactRounds(backend, prepared, backend.timing.rounds, signal)
      : await noisyRounds(backend, prepared, signal, limit);
  const kind = backend.timing.kind === 'exact' ? 'ensemble' : 'sampled';
  return { kind, variants: usable, roundsUs, comparedAt: now, environment };
}

async function prepare(backend: Backend, { label, configuration }: Contender, signal: AbortSignal) {
  const variant = await prepareVariant(
    backend,
    { configuration, subset: label, origin: 'comparison' },
    signal,
  );
  return 'state' in variant ? undefined : variant;
}

async function exactRounds(
  backend: Backend,
  variants: readonly Variant[],
  rounds: number,
  signal: AbortSignal,
) {
  const session = await backend.session(variants, signal);
  const roundsUs: Row[] = [];
  for (let round = 0; round < rounds; round++) {
    const row: (number | null)[] = [];
    for (const variant of variants) row.push(await timeOf(session, variant, round));
    roundsUs.push(row);
  }
  const environment = session.environment();
  await session.close();
  return { roundsUs, environment };
}

async function noisyRounds(
  backend: Backend,
  variants: readonly Variant[],
  signal: AbortSignal,
  limit?: TimeLimit,
) {
  const roundsUs: Row[] = [];
  const began = limit?.clock.elapsed() ?? 0;
  const isOver = (share: number): boolean =>
    limit !== undefined && limit.clock.elapsed() - began >= limit.ms * share;
  let environment: Comparison['environment'] = {};
  for (let process = 0; process < SESSIONS && !signal.aborted; process++) {
    const session = await backend.session(variants, signal, { fresh: true });
    const quota = Math.ceil(((process + 1) * MAX_ROUNDS) / SESSIONS);
    while (roundsUs.length < quota && !signal.aborted) {
      roundsUs.push(await shuffledRound(session, variants, roundsUs.length));
      const share = Math.ceil(((process + 1) * MIN_ROUNDS) / SESSIONS);
      if (isOver((process + 1) / SESSIONS) || (roundsUs.length >= share && preciseEnough(roundsUs))) break;
    }
    environment = session.environment();
    await session.close();
  }
  return { roundsUs, environment: { ...environment, processes: SESSIONS } };
}

async function shuffledRound(
  session: TimingSession,
  variants: readonly Variant[],
  round: number,
): Promise<Row> {
  const row: (number | null)[] = variants.map(() => null);
  for (const place of permutation(randomFor('round', round), variants.length)) {
    row[place] = await timeOf(session, variants[place], round);
  }
  return row;
}

async function timeOf(session: TimingSession, variant: Variant, round: number): Promise<number | null> {
  const sample = await session.sample(variant, round);
  return sample.state === 'timed' ? sample.timeUs : null;
}

/** A ratio's median with the distribution-free 95 % interval: the order statistics n/2 ± 0.98 √n. */
type Ratio = Readonly<{ median: number; halfWidth: number }>;

/** Every variant's ratio to the first is known well enough. */
function preciseEnough(roundsUs: readonly Row[]): boolean {
  const ratios = roundsUs[0].map((_, variant) => ratioToFirst(roundsUs, variant)).slice(1);
  const fastest = Math.min(1, ...ratios.map(({ median }) => median));
  return ratios.every(({ median, halfWidth }) => {
    const precision = median <= fastest * NEAR ? PRECISION_NEAR : PRECISION;
    return halfWidth <= precision * median;
  });
}

function ratioToFirst(roundsUs: readonly Row[], variant: number): Ratio {
  const ratios = roundsUs.flatMap((row) => {
    const [baseline, time] = [row[0], row[variant]];
    return baseline === null || time === null ? [] : [time / baseline];
  });
  const reach = 0.98 / Math.sqrt(ratios.length);
  if (!(reach < 0.5)) return { median: Number.NaN, halfWidth: Number.POSITIVE_INFINITY };
  const width = quantile(ratios, 0.5 + reach) - quantile(ratios, 0.5 - reach);
  return { median: median(ratios), halfWidth: width / 2 };
}

import type { Configuration } from '../../search-space/parameter.ts';
import type { Comparison } from '../../store/comparison.ts';
import type { TimedPair, WinnerVerdict } from '../../store/verification.ts';
import { type Backend, BackendGone } from '../backend.ts';
import { compareContenders } from '../measurement/compare.ts';
import { Entrant } from '../measurement/entrant.ts';
import { exactVerdict, PairTest } from './pair-test.ts';
import { TimedPairs, timingsOfPair } from './timed-pairs.ts';

/** More show differences of less than a quarter of a percent at 5 % of scatter. */
export const MOST_PAIRS = 5000;
/** A machine that disturbs so many pairs in a row tells nothing. */
const MOST_DISTURBED = 50;

export type Question = Readonly<{
  winner: Configuration;
  against: Configuration;
  /** 0.02: whether T(against) / T(winner) is above 1.02. */
  by: number;
  falseClaims: number;
  seed: number;
  /** Pairs of an earlier call, which this one goes on with: so no call begins again after bad luck. */
  earlier: readonly TimedPair[];
}>;

/** What happens while a winner is verified. */
export type VerifyEvent = Readonly<{ kind: 'timed'; pairs: readonly TimedPair[]; timings: number }>;

/** `undecided` says why the verdict is unknown. */
export type Verified = Readonly<{
  kind: 'sampled' | 'ensemble';
  verdict: WinnerVerdict;
  pairs: readonly TimedPair[];
  timingsOfPair: number;
  undecided?: string;
  environment: Comparison['environment'];
  notes: readonly string[];
}>;

/** When to end without an answer: an interruption, or the end of the time. */
export type VerifyLimit = Readonly<{ signal: AbortSignal; leftMs(): number }>;

/**
 * Times a winner anew beside another configuration until it is known whether it is faster, or time is over. Exact
 * times are computed once, for every accepted parameter set.
 */
export async function verifyWinner(
  backend: Backend,
  question: Question,
  ending: VerifyLimit,
  now: number,
  listen: (event: VerifyEvent) => Promise<void>,
): Promise<Verified> {
  return backend.timing.kind === 'exact'
    ? ofParameterSets(backend, question, ending.signal, now)
    : sampled(backend, question, ending, listen);
}

async function ofParameterSets(
  backend: Backend,
  { winner, against, by }: Question,
  signal: AbortSignal,
  now: number,
): Promise<Verified> {
  const contenders = [
    { label: 'winner', configuration: winner },
    { label: 'other configuration', configuration: against },
  ];
  const { comparison, notes } = await compareContenders(backend, contenders, now, signal);
  const pairs = (comparison?.roundsUs ?? []).flatMap(([winnerUs, againstUs]): readonly TimedPair[] =>
    winnerUs === null || againstUs === null ? [] : [[winnerUs, againstUs]],
  );
  const verdict = pairs.length === 0 ? 'unknown' : exactVerdict(pairs, by);
  const why = pairs.length === 0 ? 'one of both has no time' : 'the accepted parameter sets disagree';
  return {
    kind: 'ensemble',
    verdict,
    pairs,
    timingsOfPair: 2,
    ...(verdict === 'unknown' && { undecided: why }),
    environment: comparison?.environment ?? {},
    notes,
  };
}

async function sampled(
  backend: Backend,
  { winner, against, by, falseClaims, seed, earlier }: Question,
  ending: VerifyLimit,
  listen: (event: VerifyEvent) => Promise<void>,
): Promise<Verified> {
  const test = new PairTest(by, falseClaims);
  const pairs = [...earlier];
  for (const pair of earlier) test.add(pair);
  const done = (rest: Pick<Verified, 'environment' | 'notes' | 'undecided'>): Verified => {
    const { verdict } = test;
    return { kind: 'sampled', verdict, pairs, timingsOfPair: timingsOfPair(backend), ...rest };
  };
  if (test.verdict !== 'unknown') return done({ environment: {}, notes: [] });
  const { signal } = ending;
  await backend.prefetch?.([winner, against], signal);
  const entrants = [
    await Entrant.prepare(backend, { label: 'winner', configuration: winner }, signal),
    await Entrant.prepare(backend, { label: 'other configuration', configuration: against }, signal),
  ] as const;
  const timed = new TimedPairs(backend, entrants, seed, signal);
  const undecided = await timeUntilKnown(timed, test, pairs, ending, async () =>
    listen({ kind: 'timed', pairs, timings: pairs.length * timingsOfPair(backend) }),
  );
  const { environment, notes } = timed;
  return done({ environment, notes, ...(undecided !== undefined && { undecided }) });
}

/** Adds pairs until the test has decided; why it did not, if so. A backend that is gone leaves the pairs it gave. */
async function timeUntilKnown(
  timed: TimedPairs,
  test: PairTest,
  pairs: TimedPair[],
  { signal, leftMs }: VerifyLimit,
  told: () => Promise<void>,
): Promise<string | undefined> {
  let disturbed = 0;
  let lost = 0;
  const timeOver = () =>
    lost === 0 ? TIME_OVER : `${TIME_OVER}, and other work disturbed ${lost} more pairs`;
  // Also counts disturbed pairs, so that each has its own draw.
  let number = pairs.length;
  try {
    while (test.verdict === 'unknown') {
      if (signal.aborted) return leftMs() > 0 ? 'it was interrupted' : timeOver();
      if (!timed.works) return 'one of both does not work';
      if (leftMs() <= 0) return timeOver();
      if (pairs.length >= MOST_PAIRS) return `${MOST_PAIRS} pairs did not show it`;
      if (disturbed >= MOST_DISTURBED) return 'other work on the machine disturbed every pair';
      const pair = await timed.next(number++);
      disturbed = pair === undefined ? disturbed + 1 : 0;
      if (pair === undefined) {
        lost++;
        continue;
      }
      pairs.push(pair);
      test.add(pair);
      await told();
    }
    return undefined;
  } catch (error) {
    if (!(error instanceof BackendGone)) throw error;
    return error.message;
  } finally {
    await timed.close();
  }
}

const TIME_OVER = 'the time was over';

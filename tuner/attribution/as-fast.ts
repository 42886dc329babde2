import { normal, randomFor } from '../../search-space/random.ts';
import type { Comparison } from '../../store/comparison.ts';
import { FEWEST_SAMPLES, midmean, resamples, scatterOf } from '../measurement/statistics.ts';
import { variantTime } from './gain.ts';
import { processSpread } from './process-spread.ts';
import { withoutRoundEffects } from './round-effects.ts';

/** A configuration within this share of the fastest is as fast. */
export const AS_FAST = 0.01;
/** What was timed slower by more is not, however much the times scatter. */
const WIDEST = 0.03;
/** Nor what is told to take so much longer: a time is told by its rounds beside the default, which scatter more. */
const WIDEST_TOLD = 1.05;
/** What is slower by so many standard errors is. */
const CLEAR = 2;
const BEYOND_DOUBT = 3.5;
const DRAWS = 200;
/** The standard error of a midmean of normal numbers, in their standard deviations over √n. */
const MIDMEAN_ERROR = 1.09;

type Rounds = readonly number[];

/**
 * How much slower the variants of a comparison are than its fastest, by times of the same rounds. Of exact
 * times it is what they say. What scatters is told apart from what differs: where the spread among those that may be the
 * fastest is no more than scatter explains, they are all as fast, and the one that was luckiest is not the fastest.
 */
export class Standings {
  readonly #comparison: Comparison;
  /** By place, of each round; undefined for what cannot be recommended. */
  readonly #logs: readonly (readonly (number | null)[] | undefined)[];
  /** The standard deviation of one time, as a logarithm. */
  readonly #scatter: number;
  readonly #spread: readonly number[];
  readonly #toldFastest: number;
  readonly #isToldSlow: readonly boolean[];

  /** `eligible`: the places of what may be recommended, one of which has a time. */
  constructor(comparison: Comparison, eligible: readonly number[]) {
    const { kind, variants, roundsUs } = comparison;
    const isExact = kind === 'ensemble';
    const logs = isExact
      ? [roundsUs[0].map((time) => time && Math.log(time))]
      : withoutRoundEffects(comparison);
    this.#comparison = comparison;
    this.#logs = variants.map((_, place) =>
      eligible.includes(place) ? logs.map((row) => row[place]) : undefined,
    );
    const timeOf = variantTime(comparison);
    const told = variants.map((_, place) => (eligible.includes(place) ? timeOf(place) : null));
    const least = Math.min(...told.map((time) => time ?? Number.POSITIVE_INFINITY));
    this.#toldFastest = told.indexOf(least);
    this.#isToldSlow = told.map((time) => time === null || time > least * WIDEST_TOLD);
    const near = this.#estimates().filter(({ slower }) => slower <= WIDEST);
    this.#scatter = isExact ? 0 : scatterOf(near.map(({ place }) => this.#of(place)));
    this.#spread = isExact ? [] : processSpread(comparison);
  }

  /** The fastest by its times alone. */
  get fastest(): number {
    return fastestOf(this.#estimates()).place;
  }

  /** The places of those that are as fast as the fastest. */
  asFast(): readonly number[] {
    return this.#asFast(this.#estimates());
  }

  /** The same, as other rounds of the same kind may have told. */
  redrawn(): readonly (readonly number[])[] {
    const { kind, roundsUs } = this.#comparison;
    if (kind === 'ensemble') return [];
    return resamples(roundsUs.length, randomFor('as fast', roundsUs.length), DRAWS).map((rounds, draw) => {
      const random = randomFor('as fast', 'processes', draw);
      const inOthers = this.#spread.map((error) => error * normal(random));
      return this.#asFast(this.#estimates(rounds, inOthers));
    });
  }

  /** The places of those that are not, beyond doubt: however often one looks. */
  slower(): readonly number[] {
    const estimates = this.#estimates();
    const isSlower = this.#isSlowerThan(fastestOf(estimates));
    return estimates.filter(isSlower).map(({ place }) => place);
  }

  /** The places of all others. */
  doubtful(): readonly number[] {
    const estimates = this.#estimates();
    const isSlower = this.#isSlowerThan(fastestOf(estimates));
    return estimates.filter((each) => !isSlower(each)).map(({ place }) => place);
  }

  #isSlowerThan(fastest: Estimate): (each: Estimate) => boolean {
    return (each) => each.slower - AS_FAST > BEYOND_DOUBT * this.#errorBeside(each, fastest);
  }

  #asFast(estimates: readonly Estimate[]): readonly number[] {
    const fastest = fastestOf(estimates);
    const open = estimates.filter((each) => {
      if (this.#isToldSlow[each.place]) return false;
      return each.slower <= Math.min(WIDEST, AS_FAST + CLEAR * this.#errorBeside(each, fastest));
    });
    if (open.length === 0) return [this.#toldFastest];
    const mean = open.reduce((sum, { slower }) => sum + slower, 0) / open.length;
    const squares = open.reduce((sum, { slower }) => sum + (slower - mean) ** 2, 0);
    const noise = open.reduce((sum, each) => sum + this.#error(each) ** 2, 0) / open.length;
    const differing = open.length < 2 ? 0 : Math.max(0, squares / (open.length - 1) - noise);
    // Each towards the mean of all, by the share of the spread that is scatter (Efron & Morris 1975).
    const shrunk = open.map((each) => {
      const own = this.#error(each) ** 2;
      const kept = differing === 0 ? 0 : differing / (differing + own);
      return { place: each.place, slower: own === 0 ? each.slower : mean + kept * (each.slower - mean) };
    });
    const least = Math.min(...shrunk.map(({ slower }) => slower));
    return shrunk.filter(({ slower }) => slower - least <= AS_FAST).map(({ place }) => place);
  }

  #estimates(rounds?: Rounds, shifts: readonly number[] = []): readonly Estimate[] {
    const levels = this.#logs.flatMap((_, place): readonly Estimate[] => {
      const logs = this.#of(place, rounds);
      if (logs.length === 0) return [];
      return [{ place, slower: midmean(logs) + (shifts[place] ?? 0), rounds: logs.length }];
    });
    const least = Math.min(...levels.map(({ slower }) => slower));
    return levels.map((each) => ({ ...each, slower: each.slower - least }));
  }

  #of(place: number, rounds?: Rounds): readonly number[] {
    const logs = this.#logs[place];
    if (logs === undefined) return [];
    // It runs for each of the draws: a loop takes a tenth of what flatMap does.
    const found: number[] = [];
    for (const round of rounds ?? logs.keys()) {
      const log = logs[round];
      if (typeof log === 'number') found.push(log);
    }
    return found;
  }

  /** Of a variant's own time. Where there are too few rounds to tell, none: then the times alone count. */
  #error({ place, rounds }: Estimate): number {
    if (rounds < FEWEST_SAMPLES) return 0;
    return Math.hypot((MIDMEAN_ERROR * this.#scatter) / Math.sqrt(rounds), this.#spread[place] ?? 0);
  }

  /** Of the difference of two. */
  #errorBeside(each: Estimate, other: Estimate): number {
    return Math.hypot(this.#error(each), this.#error(other));
  }
}

/** A variant, how much slower than the fastest it was timed (a logarithm), and in how many rounds. */
type Estimate = Readonly<{ place: number; slower: number; rounds: number }>;

function fastestOf(estimates: readonly Estimate[]): Estimate {
  return estimates.reduce((a, b) => (b.slower < a.slower ? b : a));
}

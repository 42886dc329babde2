import { normal, randomFor } from '../../search-space/random.ts';
import type { Comparison } from '../../store/comparison.ts';
import { referencePlace } from '../measurement/reference.ts';
import { central, FEWEST_SAMPLES, median, resamples } from '../measurement/statistics.ts';
import { processSpread } from './process-spread.ts';

type Range = Readonly<{ low: number; high: number }>;

/**
 * A ratio of times (or a share) with an interval.
 * From a simulator the interval is the range over its parameter sets; from a real machine it is a 95 % bootstrap
 * interval, and a gain that has none is unknown. Low and high are null only where no interval can exist: of exact times
 * with one parameter set, and of single times that another tool measured. Where the sides of a gain were searched, the
 * interval also covers what the search may have missed.
 */
export type Gain = Readonly<{
  value: number;
  low: number | null;
  high: number | null;
  /** What the interval is made of. A part that is not known or has no meaning is absent. */
  parts?: Readonly<{
    /** The times' noise. */
    clock?: Range;
    /** What is not known of a simulated machine. */
    machine?: Range;
    /** How much better either side may still be, where the sides were searched. */
    search?: Range;
  }>;
  /** What it consists of, where a backend computes its times. */
  causes?: Causes;
}>;

/** What a computed gain consists of. */
export type Causes = Readonly<{
  /**
   * Of vector code: factors whose product is the gain, of packets that issue, of stalls of the computation, and of the
   * rest: moving data, starting and waiting for threads.
   */
  factors?: Readonly<{ issue: number; stalls: number; rest: number }>;
  /** A phrase for people, where most of the gain rests on figures that are a judgement. */
  caution?: string;
}>;

/**
 * Why nothing is known:
 * - `not tried`: no trial shows it;
 * - `searched too little`: too few do;
 * - `failed`, `disturbed`: all that were tried did not work, or had no clean sample;
 * - `gated by the compiler`: the compiler makes another configuration of each that would show it;
 * - `not applicable`: there is no such figure;
 * - `not told`: what was measured does not say it.
 */
export const UNKNOWN_REASONS = Object.freeze([
  'not tried',
  'searched too little',
  'failed',
  'disturbed',
  'gated by the compiler',
  'not applicable',
  'not told',
] as const);

/** What nobody looked at, or not enough; `why` is a phrase for people: "12 trials without it, 0 with it". */
export type Unknown = Readonly<{ unknown: (typeof UNKNOWN_REASONS)[number]; why: string }>;

/** A figure, or why it is unknown. This is the only form of an unknown figure, from here to every output. */
export type OrUnknown<T> = T | Unknown;

/** A gain or a share, if it is known. */
export type GainFigure = OrUnknown<Gain>;

/** Microseconds, if they are known. */
export type TimeFigure = OrUnknown<number>;

export function unknown(reason: Unknown['unknown'], why: string): Unknown {
  return Object.freeze({ unknown: reason, why });
}

export function isKnown<T>(figure: OrUnknown<T> | undefined): figure is T {
  return figure !== undefined && !isUnknown(figure);
}

export function isUnknown(figure: unknown): figure is Unknown {
  return typeof figure === 'object' && figure !== null && 'unknown' in figure;
}

/** The figure, if it is known; else null. */
export function knownOr<T>(figure: OrUnknown<T> | undefined): T | null {
  return isKnown(figure) ? figure : null;
}

/** The time of a variant of a comparison, up to one factor common to all variants. Null where it has no clean sample. */
export type VariantTime = (variant: number) => number | null;

/** A figure of the variants' times; null where one of them has none. */
type Statistic = (time: VariantTime) => number | null;

/**
 * A statistic of the variants' times in a comparison, with its interval; unknown where real times have no interval.
 * Null where the statistic of the whole comparison is null (there is nothing to compare).
 */
export function estimate(comparison: Comparison, statistic: Statistic): GainFigure | null {
  const value = statistic(variantTime(comparison));
  if (value === null || !Number.isFinite(value)) return null;
  const found =
    comparison.kind === 'ensemble' ? range(comparison, statistic) : sampled(comparison, statistic);
  if (found === null) return { value, low: null, high: null };
  if (isUnknown(found)) return found;
  const interval = { low: Math.min(found.low, value), high: Math.max(found.high, value) };
  return { value, ...interval, parts: { [measuredPart(comparison.kind)]: interval } };
}

function measuredPart(kind: Comparison['kind']): 'machine' | 'clock' {
  return kind === 'ensemble' ? 'machine' : 'clock';
}

/**
 * A gain whose interval also covers what the search may have missed. The parts are independent, so their distances from
 * the value are added as squares: of logarithms for a ratio, as they are for a `share`.
 */
export function withSearch(
  gain: Gain,
  search: Range,
  kind: Comparison['kind'],
  scale: 'ratio' | 'share' = 'ratio',
): Gain {
  const { value, low, high } = gain;
  if (low === null || high === null) return { ...gain, parts: { search } };
  const measured = { low, high };
  const [to, from] = scale === 'ratio' ? [Math.log, Math.exp] : [(x: number) => x, (x: number) => x];
  const away = (end: 'low' | 'high'): number =>
    Math.hypot(to(measured[end]) - to(value), to(search[end]) - to(value));
  return {
    value,
    low: search.low === value ? low : from(to(value) - away('low')),
    high: search.high === value ? high : from(to(value) + away('high')),
    parts: { [measuredPart(kind)]: measured, search },
  };
}

/** The ratio of two variants' times, as `estimate` has it: a gain of `after` over `before`. */
export function ratio(comparison: Comparison, before: number, after: number): GainFigure | null {
  return estimate(comparison, (time) => quotientOf(time(before), time(after)));
}

export function quotientOf(above: number | null, below: number | null): number | null {
  return above === null || below === null ? null : above / below;
}

/** Of an ensemble, the nominal times; of samples, the median over rounds of each variant's ratio to the reference. */
export function variantTime({ kind, roundsUs }: Comparison): VariantTime {
  if (kind === 'ensemble') return (variant) => roundsUs[0][variant];
  const all = roundsUs.map((_, round) => round);
  return relativeTime(roundsUs, all, referencePlace(roundsUs));
}

/** Null where there is but one parameter set. */
function range(comparison: Comparison, statistic: Statistic): Range | null {
  if (comparison.roundsUs.length < 2) return null;
  const values = byRound(comparison, statistic).filter((value) => Number.isFinite(value));
  return values.length === 0 ? null : { low: Math.min(...values), high: Math.max(...values) };
}

/** The statistic of each round by itself; NaN where the round lacks a time. */
function byRound({ roundsUs }: Comparison, statistic: Statistic): readonly number[] {
  return roundsUs.map((round) => statistic((variant) => round[variant]) ?? Number.NaN);
}

const SCREENED_ONLY = unknown('searched too little', 'there was no final comparison');
const COARSE = unknown('searched too little', 'the clock is too coarse: most rounds gave the same times');

function sampled(comparison: Comparison, statistic: Statistic): OrUnknown<Range> {
  if (comparison.environment.screeningOnly === true) return SCREENED_ONLY;
  const clean = fewestRatios(comparison, statistic);
  if (clean < FEWEST_SAMPLES) return tooFewRounds(clean, comparison.roundsUs.length);
  const interval = central(resampledTimes(comparison).map((time) => statistic(time) ?? Number.NaN));
  return interval.low === interval.high && !isSameInAll(comparison, statistic) ? COARSE : interval;
}

/** Why so few clean rounds give no interval: some were dropped, or there were no more. */
function tooFewRounds(clean: number, rounds: number): Unknown {
  const than = `the final comparison, fewer than ${FEWEST_SAMPLES}`;
  if (clean < rounds) return unknown('disturbed', `${clean} of ${rounds} rounds clean in ${than}`);
  return unknown('searched too little', `${rounds} ${rounds === 1 ? 'round' : 'rounds'} of ${than}`);
}

/** So it is of one configuration on both sides, and of programs whose times repeat exactly. */
function isSameInAll(comparison: Comparison, statistic: Statistic): boolean {
  const values = byRound(comparison, statistic).filter((value) => !Number.isNaN(value));
  return values.every((value) => value === values[0]);
}

/** The rounds with a clean ratio to the reference, of the variant of the statistic that has the fewest. */
function fewestRatios(comparison: Comparison, statistic: Statistic): number {
  const { roundsUs } = comparison;
  const reference = referencePlace(roundsUs);
  const time = variantTime(comparison);
  let fewest = Number.POSITIVE_INFINITY;
  statistic((variant) => {
    const ratios = roundsUs.filter((round) => round[reference] !== null && round[variant] !== null);
    fewest = Math.min(fewest, ratios.length);
    return time(variant);
  });
  return fewest;
}

/** Every gain of a comparison is estimated on the same draws, so each time of a draw is computed once. */
const resampled = new WeakMap<Comparison, readonly VariantTime[]>();

function resampledTimes(comparison: Comparison): readonly VariantTime[] {
  const known = resampled.get(comparison);
  if (known !== undefined) return known;
  const { roundsUs } = comparison;
  const reference = referencePlace(roundsUs);
  const draws = resamples(roundsUs.length, randomFor('bootstrap', roundsUs.length));
  const spread = processSpread(comparison);
  const times = draws.map((rounds, draw) => {
    const inOthers = inOtherProcesses(spread, draw);
    const time = relativeTime(roundsUs, rounds, reference);
    return remembered((variant) => scaled(time(variant), inOthers[variant]));
  });
  resampled.set(comparison, times);
  return times;
}

/** A draw of factors by which the variants' times would differ in other processes. */
function inOtherProcesses(spread: readonly number[], draw: number): readonly number[] {
  const random = randomFor('processes', draw);
  return spread.map((error) => Math.exp(error * normal(random)));
}

function scaled(time: number | null, factor: number): number | null {
  return time === null ? null : time * factor;
}

function remembered(time: VariantTime): VariantTime {
  const known = new Map<number, number | null>();
  return (variant) => {
    const before = known.get(variant);
    if (before !== undefined) return before;
    const now = time(variant);
    known.set(variant, now);
    return now;
  };
}

/**
 * The time of one variant: nominal, or its ratio to the reference in the same round times the median of the
 * reference, so that times and gains never contradict each other. Microseconds.
 */
export function microseconds(comparison: Comparison, place: number): number | null {
  const time = variantTime(comparison)(place);
  if (comparison.kind === 'ensemble' || time === null) return time;
  const reference = referencePlace(comparison.roundsUs);
  return time * median(comparison.roundsUs.flatMap((round) => round[reference] ?? []));
}

/** A ratio within a round does not depend on what slowed the whole machine in it (its frequency, other programs). */
function relativeTime(
  roundsUs: Comparison['roundsUs'],
  rounds: readonly number[],
  reference: number,
): VariantTime {
  return (variant) => {
    const ratios: number[] = [];
    for (const round of rounds) {
      const baseline = roundsUs[round][reference];
      const time = roundsUs[round][variant];
      if (baseline !== null && time !== null) ratios.push(time / baseline);
    }
    return ratios.length === 0 ? null : median(ratios);
  };
}

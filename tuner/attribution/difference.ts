import type { Comparison } from '../../store/comparison.ts';
import { type Gain, type GainFigure, isKnown, type OrUnknown, ratio, unknown } from './gain.ts';

/**
 * - `a`, `b`: this one is faster;
 * - `equal`: exact times that are the same;
 * - `unseen`: the interval of a noisy clock contains 1;
 * - `unclear`: the accepted parameter sets of a simulated machine disagree;
 * - `too-few`: there are not enough undisturbed rounds for an interval.
 */
export const OUTCOMES = Object.freeze(['a', 'b', 'equal', 'unseen', 'unclear', 'too-few'] as const);

/** What a comparison of two variants, a and b, says. */
export type PairDifference = Readonly<{
  outcome: (typeof OUTCOMES)[number];
  /** T(a) / T(b): above 1 where b is faster. */
  gain: GainFigure;
  /** Rounds in which both have a time. */
  rounds: number;
  /**
   * The least ratio of times, above 1, that a comparison with so wide an interval shows in four of five cases. Exact
   * times have none.
   */
  detectable: OrUnknown<number>;
}>;

/**
 * The interval's half is 1.96 standard errors; a difference of 1.96 + 0.84 of them is found with a probability of
 * 80 % (the minimum detectable effect of Bloom 1995).
 */
const DETECTABLE = (1.96 + 0.84) / 1.96;

/** Of a comparison whose first two variants are a and b. Null where one of them has no time. */
export function differenceOf(comparison: Comparison): PairDifference | null {
  const gain = ratio(comparison, 0, 1);
  if (gain === null) return null;
  const rounds = comparison.roundsUs.filter(([a, b]) => a !== null && b !== null).length;
  const isExact = comparison.kind === 'ensemble';
  return {
    outcome: outcomeOf(gain, isExact),
    gain,
    rounds,
    detectable: isExact ? EXACT : detectableBy(gain),
  };
}

function outcomeOf(gain: GainFigure, isExact: boolean): PairDifference['outcome'] {
  if (!isKnown(gain)) return 'too-few';
  return isExact ? exactOutcome(gain) : sampledOutcome(gain);
}

function exactOutcome({ value, low, high }: Gain): PairDifference['outcome'] {
  const [least, most] = [low ?? value, high ?? value];
  if (least === 1 && most === 1) return 'equal';
  if (least >= 1) return 'b';
  return most <= 1 ? 'a' : 'unclear';
}

function sampledOutcome({ low, high }: Gain): PairDifference['outcome'] {
  if (low !== null && low > 1) return 'b';
  return high !== null && high < 1 ? 'a' : 'unseen';
}

const EXACT = unknown('not applicable', 'times are exact, so every difference shows');

function detectableBy(gain: GainFigure): OrUnknown<number> {
  if (!isKnown(gain)) return gain;
  const { value, low, high } = gain;
  return ((high ?? value) / (low ?? value)) ** (DETECTABLE / 2);
}

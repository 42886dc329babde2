import type { Configuration } from '../search-space/parameter.ts';

/** Whether the winner is faster by more than was asked for. Unknown: not decided yet. */
export const VERDICTS = Object.freeze(['faster', 'not faster', 'unknown'] as const);
export type WinnerVerdict = (typeof VERDICTS)[number];

/** Times of both sides, microseconds: the winner's, and that of what it is compared with. */
export type TimedPair = readonly [winnerUs: number, againstUs: number];

/** What was found of one question: whether the winner is faster by more than `by` (0.02: 2 %). */
export type Claim = Readonly<{ by: number; verdict: WinnerVerdict }>;

/**
 * A winner, timed anew beside another configuration: what it is claimed to be rests on these times only, and on none
 * of the search that chose it.
 *
 * - 'sampled': pairs that a real clock timed, in the order in which they were taken;
 * - 'ensemble': one exact pair for each accepted parameter set of a simulated machine.
 */
export type Verification = Readonly<{
  studyId: string;
  /** How many other pairs of configurations of the study were verified before it. */
  place: number;
  kind: 'sampled' | 'ensemble';
  winner: Configuration;
  against: Configuration;
  pairs: readonly TimedPair[];
  /** How many timings a pair consists of. */
  timingsOfPair: number;
  /** One for each `by` that was asked for, in ascending order. */
  claims: readonly Claim[];
  /** The most often that a claim is false: 0.009. Null for exact times, which make none. */
  falseClaims: number | null;
  environment: Readonly<Record<string, string | number | boolean>>;
  toolVersion: string;
  verifiedAt: number;
}>;

import type { TimedPair, WinnerVerdict } from '../../store/verification.ts';
import { SignedBets } from './signed-bets.ts';

/** The rate of false claims of a study's first verification, and how much of it each further winner has. */
const FIRST = 0.009;
const OF_NEXT = 0.1;

/**
 * The rate of false claims of a study's verification, after so many of other pairs. Of all verifications of a study
 * together it is 1 %, however many there are.
 */
export function falseClaimsAt(place: number): number {
  return FIRST * OF_NEXT ** place;
}

/**
 * Whether the winner is faster by more than a share, told after every pair: it decides as soon as the evidence for one
 * of both answers is strong enough, and stays so. Each of them is false in at most `falseClaims` of all tests, however
 * long they go on.
 */
export class PairTest {
  readonly #by: number;
  readonly #needed: number;
  readonly #above = new SignedBets();
  readonly #below = new SignedBets();
  #verdict: WinnerVerdict = 'unknown';

  /** @param by 0.02: T(against) / T(winner) is above 1.02 */
  constructor(by: number, falseClaims: number) {
    this.#by = by;
    this.#needed = -Math.log(falseClaims);
  }

  get verdict(): WinnerVerdict {
    return this.#verdict;
  }

  add([winnerUs, againstUs]: TimedPair): void {
    if (this.#verdict !== 'unknown') return;
    const beyond = logGain([winnerUs, againstUs]) - Math.log1p(this.#by);
    this.#above.add(beyond);
    this.#below.add(-beyond);
    if (this.#above.log >= this.#needed) this.#verdict = 'faster';
    else if (this.#below.log >= this.#needed) this.#verdict = 'not faster';
  }
}

/** What pairs of exact times say, one for each accepted parameter set: unknown where these disagree. */
export function exactVerdict(pairs: readonly TimedPair[], by: number): WinnerVerdict {
  const faster = pairs.filter((pair) => logGain(pair) > Math.log1p(by)).length;
  if (faster === 0) return 'not faster';
  return faster === pairs.length ? 'faster' : 'unknown';
}

function logGain([winnerUs, againstUs]: TimedPair): number {
  return Math.log(againstUs / winnerUs);
}

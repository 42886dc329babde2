import type { TimedPair, WinnerVerdict } from '../../store/verification.ts';
import { median } from '../measurement/statistics.ts';
import { ClockTick } from './clock-tick.ts';
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

/** A claim's median is at least so far beyond what is claimed: less would be printed as 1.0000×. */
const LEAST = 5e-5;

/**
 * Whether the winner is faster by more than a share, told after every pair: it decides as soon as the evidence for one
 * of both answers is strong enough, and stays so. Each of them is false in at most `falseClaims` of all tests, however
 * long they go on, where the noise of both sides could change places.
 *
 * Rounding keeps an order, but not a ratio: 10.4 and 10.6 are 10 and 11. So a share is asked of the times that a
 * rounding to the nearest tick of the clock may hide, the least favourable to each answer.
 */
export class PairTest {
  readonly #by: number;
  readonly #needed: number;
  readonly #above = new SignedBets();
  readonly #below = new SignedBets();
  readonly #tick = new ClockTick();
  readonly #gains: number[] = [];
  #verdict: WinnerVerdict = 'unknown';

  /** @param by 0.02: T(against) / T(winner) is above 1.02 */
  constructor(by: number, falseClaims: number) {
    this.#by = by;
    this.#needed = -Math.log(falseClaims);
  }

  get verdict(): WinnerVerdict {
    return this.#verdict;
  }

  add(pair: TimedPair): void {
    if (this.#verdict !== 'unknown') return;
    for (const time of pair) this.#tick.add(time);
    const half = this.#by === 0 ? 0 : this.#tick.most / 2;
    const asked = Math.log1p(this.#by);
    const [winnerUs, againstUs] = pair;
    this.#gains.push(logGain(pair));
    // A clock that has shown one time only tells nothing of a share.
    if (half !== Number.POSITIVE_INFINITY) {
      this.#above.add(logGain([winnerUs + half, Math.max(againstUs - half, half)]) - asked);
      this.#below.add(asked - logGain([Math.max(winnerUs - half, half), againstUs + half]));
    }
    if (this.#above.log >= this.#needed && this.#beyond() > LEAST) this.#verdict = 'faster';
    else if (this.#below.log >= this.#needed && this.#beyond() < -LEAST) this.#verdict = 'not faster';
  }

  #beyond(): number {
    return median(this.#gains) - Math.log1p(this.#by);
  }
}

/** What pairs of exact times say, one for each accepted parameter set: unknown where these disagree. */
export function exactVerdict(pairs: readonly TimedPair[], by: number): WinnerVerdict {
  const faster = pairs.filter((pair) => logGain(pair) > Math.log1p(by)).length;
  if (faster === 0) return 'not faster';
  return faster === pairs.length ? 'faster' : 'unknown';
}

/** The opposite of that of the exchanged pair, to the last bit: a quotient's logarithm is not. */
function logGain([winnerUs, againstUs]: TimedPair): number {
  return Math.log(againstUs) - Math.log(winnerUs);
}

/**
 * How much is staked on the next sign, and the share of the capital behind it. Small stakes see differences of a
 * third of a pair's scatter, great ones see in a few pairs what is greater.
 */
const BETS = Object.freeze([
  { stake: 0.3, share: 0.6 },
  { stake: 0.7, share: 0.3 },
  { stake: 2, share: 0.1 },
]);

/** The logistic distribution's quantiles times this are about the normal's. */
const TO_NORMAL = 2 / 1.702;

/** Differences that are equal but for the last digits of logarithms are equal: a coarse clock gives many. */
const SAME = 1e-9;
const NONE = 1e-12;

/**
 * Evidence that differences lie above zero: the capital of a gambler who begins with 1 and bets on the sign of each
 * difference before it is seen, the more the larger it is among those so far (its signed normal score). If a
 * difference is as likely to be above zero as as far below, given all before it, no bet has an advantage: the capital
 * is a martingale, and ever reaches c with a probability of at most 1 / c (Ville's inequality), whenever one looks and
 * stops. It needs no distribution: tails, changing scatter and drift are in the magnitudes, which may be anything.
 */
export class SignedBets {
  /** Of all differences so far, ascending. */
  readonly #magnitudes: number[] = [];
  /** The logarithm of what each bet has made. */
  readonly #made = BETS.map(() => 0);

  add(difference: number): void {
    const exact = Math.abs(difference) < NONE ? 0 : difference;
    const score = Math.sign(exact) * this.#scoreOf(Math.abs(exact));
    // Half for each sign, and the odds that the stake gives.
    BETS.forEach(({ stake }, n) => {
      this.#made[n] += Math.LN2 - Math.log1p(Math.exp(-2 * stake * score));
    });
  }

  /** The logarithm of the capital. */
  get log(): number {
    const most = Math.max(...this.#made);
    const sum = BETS.reduce((total, { share }, n) => total + share * Math.exp(this.#made[n] - most), 0);
    return most + Math.log(sum);
  }

  /** The normal score of a magnitude among those so far and itself; equal ones share the middle of their ranks. */
  #scoreOf(magnitude: number): number {
    const magnitudes = this.#magnitudes;
    const below = placeIn(magnitudes, (each) => each >= magnitude * (1 - SAME));
    const upTo = placeIn(magnitudes, (each) => each > magnitude * (1 + SAME));
    const place = placeIn(magnitudes, (each) => each >= magnitude);
    magnitudes.splice(place, 0, magnitude);
    const rank = (below + upTo + 1) / 2;
    return TO_NORMAL * Math.atanh(rank / magnitudes.length);
  }
}

/** The first place from which on it holds. */
export function placeIn(ascending: readonly number[], holds: (each: number) => boolean): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(ascending[middle])) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** After so many rounds of a heat those that have lost are out. */
export const ROUNDS_TO_LOSE = 5;
/**
 * Several devices take rounds at the same time, eight of them one each. So each challenger is in so many of the first eight
 * rounds, which are shorter, where there are so many challengers for each whom they meet that this adds few samples.
 */
const SHORT_ROUNDS = 8;
const CHALLENGERS_OF_EACH = 2;

/** Who is in which of a heat's rounds, and after which of them those that have lost are out. */
export type Turns = Readonly<{
  has(place: number, round: number): boolean;
  /** Of so many rounds that are done. */
  isEnd(rounds: number): boolean;
  /** The number of rounds at the next such end. */
  nextEnd(rounds: number): number;
}>;

/** All are in all rounds, but for many challengers on several devices in the first ones. */
export function turnsOf(
  beside: readonly number[],
  challenging: readonly number[],
  onSeveral: boolean,
): Turns {
  const isShort = onSeveral && challenging.length >= CHALLENGERS_OF_EACH * beside.length;
  const first = isShort ? SHORT_ROUNDS : ROUNDS_TO_LOSE;
  const endAfter = (rounds: number): number =>
    rounds < first ? first : first + ROUNDS_TO_LOSE * (Math.floor((rounds - first) / ROUNDS_TO_LOSE) + 1);
  return {
    has: (place, round) => {
      const turn = challenging.indexOf(place);
      return round >= first || turn < 0 || (turn + round) % first < ROUNDS_TO_LOSE;
    },
    isEnd: (rounds) => endAfter(rounds - 1) === rounds,
    nextEnd: endAfter,
  };
}

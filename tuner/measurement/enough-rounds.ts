import type { ComparedRound } from './noisy-rounds.ts';
import { isPreciseEnough } from './precision.ts';

export const MIN_ROUNDS = 20;
/** Enough where each round repeats the first, as that of a program which simulates: more would say the same, and eight devices take one each. */
const MIN_ROUNDS_REPEATED = 8;

/** Whether a share of all rounds is enough for those that still work. */
export function hasEnough(
  roundsUs: readonly ComparedRound[],
  places: readonly number[],
  share: number,
): boolean {
  if (places.length < 2) return true;
  const rounds = roundsUs.map((row) => places.map((place) => row[place]));
  if (areRepeated(rounds)) return rounds.length >= Math.ceil(MIN_ROUNDS_REPEATED * share);
  return rounds.length >= Math.ceil(MIN_ROUNDS * share) && isPreciseEnough(rounds);
}

/** Whoever is not in a round has no time in it. */
function areRepeated(rounds: readonly ComparedRound[]): boolean {
  return (rounds[0] ?? []).every((_, place) => {
    const timesUs = rounds.flatMap((row) => row[place] ?? []);
    return timesUs.length > 0 && timesUs.every((timeUs) => timeUs === timesUs[0]);
  });
}

/** Of a first heat: from the fewest on, each round may be the last. */
export function certainRounds(roundsUs: readonly ComparedRound[], places: readonly number[]): number {
  const rounds = roundsUs.map((row) => places.map((place) => row[place]));
  const fewest = areRepeated(rounds) ? MIN_ROUNDS_REPEATED : MIN_ROUNDS;
  return rounds.length < fewest ? fewest : Number.POSITIVE_INFINITY;
}

import type { Comparison } from '../../store/comparison.ts';

/**
 * The samples of a variant in the rounds that it was in, null where one was disturbed: of each process from its first to
 * its last time. Those that challenge the fastest join late, and leave once they have lost.
 */
export function attendedUs(
  { roundsUs, roundsByProcess = [roundsUs.length] }: Pick<Comparison, 'roundsUs' | 'roundsByProcess'>,
  place: number,
): readonly (number | null)[] {
  let from = 0;
  return roundsByProcess.flatMap((count) => {
    const samples = roundsUs.slice(from, from + count).map((round) => round[place]);
    from += count;
    const first = samples.findIndex((sample) => sample !== null);
    const last = samples.findLastIndex((sample) => sample !== null);
    return first < 0 ? [] : samples.slice(first, last + 1);
  });
}

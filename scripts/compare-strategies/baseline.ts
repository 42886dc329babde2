import type { Landscape } from './landscape.ts';
import { type Curve, mean } from './search-landscape.ts';

/**
 * What random search without repetition is expected to have found, as ln(time ÷ optimum) after each number of trials
 * up to the one where it has nearly everything; and the median of the members that run. `drawMs` is what a random trial
 * takes in the mean, where that is known.
 */
export type Baseline = Readonly<{ expected: Float64Array; median: number; drawMs?: number }>;

/** The baseline ends where this share of the way from the median to the optimum is done. */
const NEARLY = 0.95;
/** Times at which a search is compared with the baseline. */
const POINTS = 50;
/** The times of larger landscapes are not listed. */
const MOST_MEMBERS = 200_000;

/**
 * The calculated baseline of the community's methodology (Willemsen et al. 2024); undefined for a landscape that is
 * too large to be listed.
 */
export function baselineOf({ space, optimumUs, timeUs, trialMs }: Landscape): Baseline | undefined {
  if (space.size > MOST_MEMBERS) return undefined;
  const times = Float64Array.from({ length: space.size }, (_, index) => timeUs(index))
    .filter((time) => !Number.isNaN(time))
    .sort();
  const ratios = times.map((time) => time / optimumUs);
  const median = ratios[ratios.length >> 1];
  const enough = 1 + (1 - NEARLY) * (median - 1);
  const expected: number[] = [];
  for (let trials = 1; trials <= space.size; trials++) {
    const found = expectedBest(ratios, space.size, trials, median);
    expected.push(Math.log(found));
    if (found <= enough) break;
  }
  const takes = trialMs && mean(Array.from({ length: space.size }, (_, index) => trialMs(index)));
  return {
    expected: Float64Array.from(expected),
    median: Math.log(median),
    ...(takes !== undefined && { drawMs: takes }),
  };
}

/** The mean of the best of so many draws without repetition; a draw of failures alone counts as the median. */
function expectedBest(ratios: Float64Array, members: number, draws: number, median: number): number {
  let missed = 1;
  let expected = 0;
  for (let rank = 0; rank < ratios.length && missed > 1e-9; rank++) {
    const next = missed * Math.max(0, (members - rank - draws) / (members - rank));
    expected += (missed - next) * ratios[rank];
    missed = next;
  }
  return expected + missed * median;
}

/**
 * The score of the methodology: at evenly spaced times until the baseline's end, the share of what the baseline has
 * left to the optimum that the searches are ahead of it. 1 is the optimum at once, 0 as random search. `trialsIn` tells
 * how many trials the search of that number has done in the time of so many random ones. Times beyond a search's budget
 * do not count, unless it has found the optimum; null where none is left.
 */
export function scoreOf(
  { expected, median }: Baseline,
  curves: readonly Curve[],
  trialsIn: (search: number, draws: number) => number,
): number | null {
  const points = Array.from({ length: POINTS }, (_, i) =>
    Math.ceil(((i + 1) * expected.length) / POINTS),
  ).filter((draws) =>
    curves.every((curve, search) => curve.at(-1) === 0 || trialsIn(search, draws) <= curve.length),
  );
  if (points.length === 0) return null;
  return mean(
    points.map((draws) => {
      const found = mean(curves.map((curve, search) => ratioAfter(curve, trialsIn(search, draws), median)));
      const random = Math.exp(expected[draws - 1]);
      return (random - found) / (random - 1);
    }),
  );
}

function ratioAfter(curve: Curve, trials: number, median: number): number {
  const loss = trials === 0 ? median : curve[Math.min(trials, curve.length) - 1];
  return Math.exp(Number.isFinite(loss) ? loss : median);
}

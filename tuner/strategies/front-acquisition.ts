import type { Surrogate, SurrogateEstimate } from '../models/surrogate.ts';
import type { Suggestion } from './_base.ts';
import type { History } from './history.ts';
import { type Dominated, expectedHypervolumeImprovement } from './hypervolume-improvement.ts';
import { byMerit, nextRanked, type RankedCandidate, spreadLeft } from './ranked-candidates.ts';
import type { Turn } from './turn.ts';

/** Candidates that the whole models are asked about; the forests alone choose them. */
const SHORTLIST = 200;
const OPTIMISM = 0.7;

/** The expected growth of the hypervolume, over candidates ranked once for the next few trials. */
export class FrontAcquisition {
  readonly #fittedTo: number;
  readonly #models: readonly Surrogate[];
  readonly #ranked: readonly RankedCandidate[];

  constructor(
    fittedTo: number,
    models: readonly Surrogate[],
    dominated: Dominated,
    { space }: History,
    indices: readonly number[],
  ) {
    this.#fittedTo = fittedTo;
    this.#models = models;
    const all = indices.map((index) => ({ index, digits: space.digitsAt(index) }));
    const shortlist =
      all.length <= SHORTLIST
        ? all
        : ordered(
            all,
            meritsOf(all, dominated, models, (model, members) => model.predictRoughly(members), OPTIMISM),
          ).slice(0, SHORTLIST);
    const merits = meritsOf(shortlist, dominated, models, (model, members) => model.predict(members), 0);
    this.#ranked = ordered(shortlist, merits);
  }

  /** The fresh candidate of the greatest merit; undefined when none is left. */
  next(turn: Turn): Suggestion | undefined {
    // The share is that of the objective of which the most is left.
    const best = nextRanked(this.#ranked, this.#fittedTo, turn, (digits, unseen) =>
      Math.max(...this.#models.map((model) => spreadLeft(model, digits, unseen))),
    );
    return best && { index: best.index, origin: 'model' };
  }
}

type Candidate = Pick<RankedCandidate, 'index' | 'digits'>;

/** The expected growth times the probability that it runs, where values count as lower by some of their spread. */
function meritsOf(
  all: readonly Candidate[],
  dominated: Dominated,
  models: readonly Surrogate[],
  predict: (model: Surrogate, members: readonly Int32Array[]) => SurrogateEstimate,
  optimism: number,
): readonly number[] {
  const members = all.map(({ digits }) => digits);
  const estimates = models.map((model) => predict(model, members));
  return all.map((_, i) => {
    const expected = estimates.map(({ mean, sd }) => ({ mean: mean[i] - optimism * sd[i], sd: sd[i] }));
    return estimates[0].valid[i] * expectedHypervolumeImprovement(dominated, expected);
  });
}

function ordered(all: readonly Candidate[], merits: readonly number[]): readonly RankedCandidate[] {
  return all.map((candidate, i) => ({ ...candidate, merit: merits[i] })).sort(byMerit);
}

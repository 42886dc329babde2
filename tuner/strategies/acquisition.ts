import { expectedImprovement } from '../models/expected-improvement.ts';
import type { Surrogate, SurrogateEstimate } from '../models/surrogate.ts';
import type { Suggestion } from './_base.ts';
import type { History } from './history.ts';
import { byMerit, nextRanked, type RankedCandidate, spreadLeft } from './ranked-candidates.ts';
import type { Turn } from './turn.ts';

/** Candidates that the whole model is asked about; the forests alone choose them. */
const SHORTLIST = 200;
/** On the way to the shortlist a candidate counts as faster than its mean by this much of its spread. */
const OPTIMISM = 0.7;

/** Trials without gain after which the spread is widened, and after how many more it has doubled. */
const PATIENCE = 8;
const DOUBLING = 10;
const WIDEST = 2;

type PredictedCandidate = RankedCandidate & Readonly<{ mean: number; sd: number }>;

/**
 * The acquisition function of one fitted model, over candidates ranked once for the next few trials.
 *
 * A candidate's merit is its expected improvement times the probability that it runs. It falls with the
 * correlation to trials whose results the model has not seen: those results will tell most of what this
 * one would. After many trials without gain the model's spread is widened, so that the search leaves
 * what the model is sure of.
 */
export class Acquisition {
  /** Trials that the model has seen. */
  readonly #fittedTo: number;
  readonly #model: Surrogate;
  readonly #ranked: readonly PredictedCandidate[];

  constructor(fittedTo: number, model: Surrogate, history: History, indices: readonly number[]) {
    this.#fittedTo = fittedTo;
    this.#model = model;
    this.#ranked = rankedBy(model, history, indices);
  }

  /** The fresh candidate of the greatest merit; undefined when none is left. */
  next(turn: Turn): Suggestion | undefined {
    const best = nextRanked(this.#ranked, this.#fittedTo, turn, (digits, unseen) =>
      spreadLeft(this.#model, digits, unseen),
    );
    if (best === undefined) return undefined;
    return { index: best.index, origin: 'model', prediction: { meanLog: best.mean, sdLog: best.sd } };
  }
}

function rankedBy(
  model: Surrogate,
  history: History,
  indices: readonly number[],
): readonly PredictedCandidate[] {
  const all = indices.map((index) => ({ index, digits: history.space.digitsAt(index) }));
  const widening = wideningAfter(history.sinceBest);
  const rough = model.predictRoughly(all.map(({ digits }) => digits));
  const places = shortlistOf(model, rough, widening);
  const shortlist = places.map((place) => all[place]);
  const estimate = model.refine(
    shortlist.map(({ digits }) => digits),
    estimateOf(rough, places),
  );
  return shortlist
    .map((candidate, i) => ({
      ...candidate,
      merit: meritOf(model, estimate, i, widening),
      mean: estimate.mean[i],
      sd: estimate.sd[i],
    }))
    .sort(byMerit);
}

/** The factor by which the spread is widened. */
function wideningAfter(sinceBest: number): number {
  return Math.min(WIDEST, 1 + Math.max(0, sinceBest - PATIENCE) / DOUBLING);
}

function meritOf(
  model: Surrogate,
  { mean, sd, valid }: SurrogateEstimate,
  i: number,
  widening: number,
): number {
  return valid[i] * expectedImprovement(model.fastest, mean[i], widening * sd[i]);
}

/** The places of those with the lowest optimistic time; one that may fail counts as slower. */
function shortlistOf(
  model: Surrogate,
  { mean, sd, valid }: SurrogateEstimate,
  widening: number,
): readonly number[] {
  const places = Array.from(mean.keys());
  if (places.length <= SHORTLIST) return places;
  const bound = mean.map(
    (value, i) => value - OPTIMISM * widening * sd[i] + (1 - valid[i]) * (model.slow - model.fastest),
  );
  const limit = bound.toSorted()[SHORTLIST - 1];
  return places.filter((place) => bound[place] <= limit);
}

function estimateOf({ mean, sd, valid }: SurrogateEstimate, places: readonly number[]): SurrogateEstimate {
  const of = (values: Float64Array): Float64Array => Float64Array.from(places, (place) => values[place]);
  return { mean: of(mean), sd: of(sd), valid: of(valid) };
}

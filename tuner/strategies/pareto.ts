import { integerBelow, randomFor } from '../../search-space/random.ts';
import { fitScales, type Scales } from '../models/kernel-scales.ts';
import { standardizedSampleOf } from '../models/standardized-sample.ts';
import { StudyForests } from '../models/study-forests.ts';
import { encodingsOf, Surrogate, type SurrogateEstimate } from '../models/surrogate.ts';
import type { TrainingSet } from '../models/training-set.ts';
import { NO_TREND } from '../models/trend.ts';
import { paretoOptima, type Values } from '../objectives/front.ts';
import type { StrategyContext, StrategyFactory, Suggestion } from './_base.ts';
import { trialsPerFitAt } from './default.ts';
import { History, type PastTrial } from './history.ts';
import { type Dominated, expectedHypervolumeImprovement } from './hypervolume-improvement.ts';
import { fitPoint, scalePoint, TRIALS_PER_FIT } from './model-fitter.ts';
import { OPENING, opening } from './opening.ts';
import { type SequentialRule, sequentialStrategy } from './sequential.ts';
import { drawFresh, isFresh, type Turn } from './turn.ts';

/** Candidates: drawn at random, children of Pareto optima, and neighbours of so many of these. */
const DRAWN = 400;
const OFFSPRING = 400;
const CENTRES = 12;
/** Candidates that the whole models are asked about; the forests alone choose them. */
const SHORTLIST = 200;
const OPTIMISM = 0.7;
/** The volume counts up to so far beyond the worst of the front, as a share of the front's width. */
const MARGIN = 0.2;
const FEWEST_VALUES = 2;
/** Trials without gain after which, in every fourth trial, a neighbour of a Pareto optimum is tried. */
const PATIENCE = 12;
const EVERY = 4;
const ATTEMPTS = 12;

/**
 * Seeks the Pareto optima of several objectives: a surrogate for each, and the candidate from which the most
 * hypervolume is expected; where trials cost less than fitting, children of Pareto optima in between.
 */
export const pareto: StrategyFactory = Object.freeze({
  name: 'default',
  summary: 'a surrogate for each objective, and the expected growth of the hypervolume',
  create: (context: StrategyContext) =>
    sequentialStrategy(context, (history) => paretoRule(context, history)),
});

function paretoRule(context: StrategyContext, history: History): SequentialRule {
  const trialsPerFit = trialsPerFitAt(context.trialCostMs);
  const front = new Front();
  const fitter = new FrontFitter(context, trialsPerFit);
  return {
    name: 'pareto',
    observe: (trial, position) => front.observe(trial, position),
    suggest: (turn: Turn) => {
      if (history.length < OPENING) return opening(turn, []);
      const parents = front.optima;
      const place = history.length + turn.taken.size;
      if (history.length - front.grewAt > PATIENCE && place % EVERY === 0) {
        const found = neighbour(turn, parents);
        if (found !== undefined) return found;
      }
      const age = history.length - fitPoint(history.length, trialsPerFit);
      if (trialsPerFit > TRIALS_PER_FIT && age >= TRIALS_PER_FIT) return bred(turn, parents);
      return fitter.at(history)?.next(turn);
    },
  };
}

type Optimum = PastTrial & Readonly<{ values: Values }>;

/** The Pareto optima of the trials so far, and after how many trials they last changed. */
class Front {
  optima: readonly Optimum[] = [];
  grewAt = 0;

  observe(trial: PastTrial, position: number): void {
    const { values } = trial;
    if (values === undefined) return;
    if (this.optima.some((known) => known.values.every((value, i) => value <= values[i]))) return;
    this.optima = [
      ...this.optima.filter((known) => !values.every((value, i) => value <= known.values[i])),
      { ...trial, values },
    ];
    this.grewAt = position;
  }
}

function neighbour(turn: Turn, parents: readonly Optimum[]): Suggestion | undefined {
  const { history, random } = turn;
  for (let attempt = 0; attempt < ATTEMPTS && parents.length > 0; attempt++) {
    const { index } = parents[integerBelow(random, parents.length)];
    const fresh = history.space.neighbours(index, 'hamming').filter((next) => isFresh(turn, next));
    if (fresh.length > 0) return { index: fresh[integerBelow(random, fresh.length)], origin: 'neighbour' };
  }
  return undefined;
}

/** A child of Pareto optima; undefined where none is fresh. */
function bred(turn: Turn, parents: readonly Optimum[]): Suggestion | undefined {
  for (let attempt = 0; attempt < ATTEMPTS && parents.length > 0; attempt++) {
    const index = child(turn, parents);
    if (isFresh(turn, index)) return { index, origin: 'crossover' };
  }
  return undefined;
}

/** Each value from one of two optima, then one or two drawn anew; −1 where that is no member. */
function child({ history: { space }, random }: Turn, parents: readonly Optimum[]): number {
  const parent = (): Optimum => parents[integerBelow(random, parents.length)];
  const [a, b] = [parent(), parent()];
  const digits = a.digits.map((digit, place) => (random() < 0.5 ? digit : b.digits[place]));
  const changes = 1 + integerBelow(random, 2);
  for (let change = 0; change < changes; change++) {
    const place = integerBelow(random, digits.length);
    digits[place] = integerBelow(random, space.parameters[place].values.length);
  }
  return space.indexOfDigits(digits);
}

function candidates(turn: Turn, parents: readonly Optimum[]): readonly number[] {
  const { history } = turn;
  const { space } = history;
  const found = new Set<number>();
  const offer = (index: number): void => {
    if (isFresh(turn, index)) found.add(index);
  };
  if (space.size - history.distinct <= DRAWN + OFFSPRING) {
    for (let index = 0; index < space.size; index++) offer(index);
    return [...found];
  }
  for (let i = 0; i < DRAWN; i++) found.add(drawFresh(turn));
  if (parents.length === 0) return [...found];
  const step = Math.max(1, parents.length / CENTRES);
  for (let place = 0; place < parents.length; place += step)
    space.neighbours(parents[Math.floor(place)].index, 'hamming').forEach(offer);
  for (let i = 0; i < OFFSPRING; i++) offer(child(turn, parents));
  return [...found];
}

/** Fits a surrogate for each objective anew every few trials; which follows from the length of the log alone. */
class FrontFitter {
  readonly #context: StrategyContext;
  readonly #trialsPerFit: number;
  readonly #encodings: ReturnType<typeof encodingsOf>;
  #fitted = 0;
  #acquisition: FrontAcquisition | undefined;
  #scales: Readonly<{ from: number; scales: readonly Scales[] }> = { from: -1, scales: [] };

  constructor(context: StrategyContext, trialsPerFit: number) {
    this.#context = context;
    this.#trialsPerFit = trialsPerFit;
    this.#encodings = encodingsOf(context.space.parameters);
  }

  /** Undefined while too few trials have values. */
  at(history: History): FrontAcquisition | undefined {
    const length = fitPoint(history.length, this.#trialsPerFit);
    if (length > this.#fitted) {
      this.#fitted = length;
      this.#acquisition = this.#fit(history, length);
    }
    return this.#acquisition;
  }

  #fit({ trials }: History, length: number): FrontAcquisition | undefined {
    const { seed, space, meter = (work) => work() } = this.#context;
    const fitted = new History(space);
    for (const trial of trials.slice(0, length)) fitted.append(trial);
    const known = fitted.trials.filter(hasValues);
    if (known.length < FEWEST_VALUES) return undefined;
    const random = randomFor(seed, 'pareto plan', length);
    const turn = { history: fitted, taken: new Set<number>(), random };
    return meter(() => {
      const floors = floorsOf(known);
      const scales = this.#scalesAt(length, fitted.trials);
      const models = trainingSets(fitted.trials, floors).map((trialsOf, n) => {
        const fit = { trials: trialsOf, trend: NO_TREND };
        const forests = new StudyForests(this.#encodings.paired, seed, false).at(length, () => fit);
        return new Surrogate(this.#encodings, fit, scales[n], forests);
      });
      const logs = (some: readonly Optimum[]): readonly Values[] =>
        some.map(({ values }) => logsOf(values, floors));
      const optima = paretoOptima(known, ({ values }) => values);
      const dominated = { front: logs(optima), reference: referenceOf(logs(optima), logs(known)) };
      return new FrontAcquisition(length, models, dominated, fitted, candidates(turn, optima));
    });
  }

  /** Fitted anew whenever the log has grown by some factor. */
  #scalesAt(length: number, all: readonly PastTrial[]): readonly Scales[] {
    const first = all.slice(0, scalePoint(length));
    const from = first.filter(hasValues).length < FEWEST_VALUES ? length : first.length;
    if (this.#scales.from !== from) {
      const trials = all.slice(0, from);
      const sets = trainingSets(trials, floorsOf(trials.filter(hasValues)));
      const scales = sets.map((set) => {
        const sample = standardizedSampleOf(set, this.#encodings.plain, NO_TREND);
        return fitScales(sample.features, sample.targets);
      });
      this.#scales = { from, scales };
    }
    return this.#scales.scales;
  }
}

function hasValues(trial: PastTrial): trial is Optimum {
  return trial.values !== undefined;
}

/** What is added to each objective's values before their logarithm: nothing, but where some are zero. */
function floorsOf(known: readonly Optimum[]): readonly number[] {
  return known[0].values.map((_, objective) => {
    const values = known.map((trial) => trial.values[objective]);
    const positive = values.filter((value) => value > 0);
    if (positive.length === values.length) return 0;
    return positive.length === 0 ? 1 : Math.min(...positive) / 2;
  });
}

function logsOf(values: Values, floors: readonly number[]): Values {
  return values.map((value, objective) => Math.log(value + floors[objective]));
}

/** What the model of each objective learns from: every trial but the disturbed ones. */
function trainingSets(all: readonly PastTrial[], floors: readonly number[]): readonly TrainingSet[] {
  const decided = all.filter(({ logTime }) => !Number.isNaN(logTime));
  const members = decided.map(({ digits }) => digits);
  return floors.map((_, objective) => ({
    members,
    logTimes: Float64Array.from(decided, ({ values }) =>
      values === undefined ? Number.POSITIVE_INFINITY : logsOf(values, floors)[objective],
    ),
  }));
}

/** Somewhat beyond the worst of the front; beyond the worst of all, where the front is a point. */
function referenceOf(front: readonly Values[], all: readonly Values[]): Values {
  return front[0].map((_, objective) => {
    const of = (points: readonly Values[]): readonly number[] => points.map((values) => values[objective]);
    const [low, high] = [Math.min(...of(front)), Math.max(...of(front))];
    if (high > low) return high + MARGIN * (high - low);
    const widest = Math.max(...of(all)) - low;
    return low + (widest > 0 ? widest : 1) * MARGIN;
  });
}

type Ranked = Readonly<{ index: number; digits: Int32Array; merit: number }>;

/** The expected growth of the hypervolume, over candidates ranked once for the next few trials. */
class FrontAcquisition {
  readonly #fittedTo: number;
  readonly #models: readonly Surrogate[];
  readonly #ranked: readonly Ranked[];

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
        : byMerit(
            all,
            meritsOf(all, dominated, models, (model, members) => model.predictRoughly(members), OPTIMISM),
          ).slice(0, SHORTLIST);
    const merits = meritsOf(shortlist, dominated, models, (model, members) => model.predict(members), 0);
    this.#ranked = byMerit(shortlist, merits);
  }

  /** The fresh candidate of the greatest merit; undefined when none is left. */
  next(turn: Turn): Suggestion | undefined {
    const { history, taken } = turn;
    const unseen = [
      ...history.trials.slice(this.#fittedTo).map(({ digits }) => digits),
      ...Array.from(taken, (index) => history.space.digitsAt(index)),
    ];
    let best: Ranked | undefined;
    let bestMerit = Number.NEGATIVE_INFINITY;
    for (const candidate of this.#ranked) {
      // They are in falling order of merit, and correlation only takes away from it.
      if (candidate.merit <= bestMerit) break;
      if (!isFresh(turn, candidate.index)) continue;
      const merit = candidate.merit * this.#shareLeft(candidate.digits, unseen);
      if (merit > bestMerit) [best, bestMerit] = [candidate, merit];
    }
    return best && { index: best.index, origin: 'model' };
  }

  /** The share of a candidate's spread that will be left once the unseen results are known: of the objective with the most. */
  #shareLeft(digits: Int32Array, unseen: readonly Int32Array[]): number {
    const shares = this.#models.map((model) => {
      let correlation = 0;
      for (const other of unseen) correlation = Math.max(correlation, model.correlation(digits, other));
      return Math.sqrt(Math.max(0, 1 - correlation ** 2));
    });
    return Math.max(...shares);
  }
}

type Candidate = Pick<Ranked, 'index' | 'digits'>;

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

function byMerit(all: readonly Candidate[], merits: readonly number[]): readonly Ranked[] {
  return all
    .map((candidate, i) => ({ ...candidate, merit: merits[i] }))
    .sort((a, b) => b.merit - a.merit || a.index - b.index);
}

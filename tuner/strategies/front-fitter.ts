import { randomFor } from '../../search-space/random.ts';
import { fitScales, type Scales } from '../models/kernel-scales.ts';
import { type SpaceView, spaceViewOf } from '../models/space-view.ts';
import { standardizedSampleOf } from '../models/standardized-sample.ts';
import { StudyForests } from '../models/study-forests.ts';
import { Surrogate } from '../models/surrogate.ts';
import type { TrainingSet } from '../models/training-set.ts';
import { NO_TREND } from '../models/trend.ts';
import { paretoOptima, type Values } from '../objectives/front.ts';
import type { StrategyContext } from './_base.ts';
import { childOf, everyFresh } from './candidates.ts';
import { FrontAcquisition } from './front-acquisition.ts';
import { History, type PastTrial } from './history.ts';
import { hasValues, type ValuedTrial } from './known-front.ts';
import { fitPoint, scalePoint } from './model-fitter.ts';
import { drawFresh, isFresh, type Turn } from './turn.ts';

/** Candidates: drawn at random, children of Pareto optima, and neighbours of so many of these. */
const DRAWN = 400;
const OFFSPRING = 400;
const CENTRES = 12;
/** The volume counts up to so far beyond the worst of the front, as a share of the front's width. */
const MARGIN = 0.2;
const FEWEST_VALUES = 2;

/** Fits a surrogate for each objective anew every few trials; which follows from the length of the log alone. */
export class FrontFitter {
  readonly #context: StrategyContext;
  readonly #trialsPerFit: number;
  readonly #view: SpaceView;
  #fitted = 0;
  #acquisition: FrontAcquisition | undefined;
  #scales: Readonly<{ from: number; scales: readonly Scales[] }> = { from: -1, scales: [] };

  constructor(context: StrategyContext, trialsPerFit: number) {
    this.#context = context;
    this.#trialsPerFit = trialsPerFit;
    this.#view = spaceViewOf(context.space);
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
        const forests = new StudyForests(this.#view.paired, seed, false).at(length, () => fit);
        return new Surrogate(this.#view, fit, scales[n], forests);
      });
      const logs = (some: readonly ValuedTrial[]): readonly Values[] =>
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
        const sample = standardizedSampleOf(set, this.#view.plain, NO_TREND);
        return fitScales(sample.features, sample.targets);
      });
      this.#scales = { from, scales };
    }
    return this.#scales.scales;
  }
}

/** What is added to each objective's values before their logarithm: nothing, but where some are zero. */
function floorsOf(known: readonly ValuedTrial[]): readonly number[] {
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

/** Members worth asking the models about: of a small space all fresh ones. */
function candidates(turn: Turn, parents: readonly ValuedTrial[]): readonly number[] {
  const { history } = turn;
  const { space } = history;
  if (space.size - history.distinct <= DRAWN + OFFSPRING) return everyFresh(turn);
  const found = new Set<number>();
  const offer = (index: number): void => {
    if (isFresh(turn, index)) found.add(index);
  };
  for (let i = 0; i < DRAWN; i++) found.add(drawFresh(turn));
  if (parents.length === 0) return [...found];
  const step = Math.max(1, parents.length / CENTRES);
  for (let place = 0; place < parents.length; place += step)
    space.neighbours(parents[Math.floor(place)].index, 'hamming').forEach(offer);
  for (let i = 0; i < OFFSPRING; i++) offer(childOf(space, parents, turn.random));
  return [...found];
}

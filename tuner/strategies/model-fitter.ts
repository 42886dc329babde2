import { randomFor } from '../../search-space/random.ts';
import { fitScales, type Scales } from '../models/kernel-scales.ts';
import { trendOf } from '../models/prior-weight.ts';
import { type SpaceView, spaceViewOf } from '../models/space-view.ts';
import { standardizedSampleOf } from '../models/standardized-sample.ts';
import { type FitSample, StudyForests } from '../models/study-forests.ts';
import { Surrogate } from '../models/surrogate.ts';
import type { TrainingSet } from '../models/training-set.ts';
import { NO_TREND, type Trend } from '../models/trend.ts';
import type { Meter, Prior, StrategyContext } from './_base.ts';
import { Acquisition } from './acquisition.ts';
import { History, type PastTrial, trainingSetOf } from './history.ts';
import { OPENING } from './opening.ts';
import type { Turn } from './turn.ts';

/** No model is fitted to fewer times. */
const FEWEST_TIMES = 2;
/** A model is used for at least this many trials, or for this share of the log where that is more … */
export const TRIALS_PER_FIT = 4;
/** … but for fewer at first, when each result tells much, and a fit costs little. */
const FIRST_TRIALS = 26;
const FIRST_TRIALS_PER_FIT = 2;
const SHARE_PER_FIT = 1 / 32;
/** The scales of the Gaussian process are fitted anew whenever the log has grown by this factor. */
const GROWTH = 1.4;

type FitterOptions = Readonly<{
  /** Trials that a model is used for. */
  trialsPerFit: number;
  prior?: Prior;
  /** Members that a model is asked about. */
  candidatesFor: (turn: Turn) => readonly number[];
}>;

/** Fitted to so many trials: the scales of their times, and of what the prior leaves of them. */
type FittedScales = Readonly<{ from: number; ofTimes: Scales; ofRest: Scales }>;

/**
 * Fits the surrogate anew every few trials. Which trials a model is fitted to follows from the length of
 * the log alone, so that a resumed study fits the same models.
 */
export class ModelFitter {
  readonly #context: StrategyContext;
  readonly #options: FitterOptions;
  readonly #view: SpaceView;
  readonly #forests: StudyForests;
  readonly #history: History;
  /** The part of the log that the present model is fitted to. */
  readonly #fitted: History;
  #acquisition: Acquisition | undefined;
  #scales: FittedScales | undefined;

  constructor(context: StrategyContext, history: History, options: FitterOptions) {
    this.#context = context;
    this.#options = options;
    this.#view = spaceViewOf(context.space);
    this.#forests = new StudyForests(this.#view.paired, context.seed, options.prior === undefined);
    this.#history = history;
    this.#fitted = new History(context.space);
  }

  /** Trials since the present model was due. */
  get age(): number {
    return this.#history.length - (this.#fitPoints().at(-1) ?? 0);
  }

  /** The acquisition of the model for this length of the log; undefined while too few trials have a time. */
  acquisition(): Acquisition | undefined {
    const points = this.#fitPoints();
    const length = points.at(-1) ?? 0;
    if (length > this.#fitted.length) {
      for (const trial of this.#history.trials.slice(this.#fitted.length, length)) this.#fitted.append(trial);
      this.#acquisition = this.#fitted.ranked.length < FEWEST_TIMES ? undefined : this.#fit(points);
    }
    return this.#acquisition;
  }

  #fitPoints(): readonly number[] {
    const { trialsPerFit } = this.#options;
    const first = trialsPerFit === TRIALS_PER_FIT ? FIRST_TRIALS_PER_FIT : trialsPerFit;
    return fitPoints(this.#history.length, trialsPerFit, first);
  }

  #fit(points: readonly number[]): Acquisition {
    const { seed, meter = unmetered } = this.#context;
    const length = this.#fitted.length;
    const random = randomFor(seed, 'plan', length);
    const model = meter(() => this.#surrogate(points));
    const turn = { history: this.#fitted, taken: new Set<number>(), random };
    const asked = this.#options.candidatesFor(turn);
    return meter(() => new Acquisition(length, model, this.#fitted, asked));
  }

  #surrogate(points: readonly number[]): Surrogate {
    const length = this.#fitted.length;
    const { ofTimes, ofRest } = this.#scalesAt(length);
    const trials = trainingSetOf(this.#fitted.trials);
    const fit: FitSample = { trials, trend: this.#trend(trials, ofTimes) };
    const timed = points.filter((point) => this.#timesWithin(point) >= FEWEST_TIMES);
    const number = timed.length - 1;
    // Earlier ones are asked for only without a prior.
    const fitAt = (asked: number): FitSample =>
      asked === number ? fit : { trials: this.#firstTrials(timed[asked]), trend: NO_TREND };
    const forests = this.#forests.at(number, fitAt);
    return new Surrogate(this.#view, fit, ofRest, forests);
  }

  #firstTrials(length: number): TrainingSet {
    return trainingSetOf(this.#fitted.trials.slice(0, length));
  }

  #timesWithin(length: number): number {
    return this.#fitted.trials.slice(0, length).filter(hasTime).length;
  }

  #scalesAt(length: number): FittedScales {
    const from = this.#timesWithin(scalePoint(length)) < FEWEST_TIMES ? length : scalePoint(length);
    if (this.#scales?.from !== from) {
      const trials = this.#firstTrials(from);
      const ofTimes = this.#scalesOf(trials, NO_TREND);
      const trend = this.#trend(trials, ofTimes);
      this.#scales = { from, ofTimes, ofRest: trend === NO_TREND ? ofTimes : this.#scalesOf(trials, trend) };
    }
    return this.#scales;
  }

  #scalesOf(trials: TrainingSet, trend: Trend): Scales {
    const { features, targets } = standardizedSampleOf(trials, this.#view.plain, trend);
    return fitScales(features, targets);
  }

  #trend(trials: TrainingSet, scales: Scales): Trend {
    const { prior } = this.#options;
    return prior === undefined ? NO_TREND : trendOf(prior, trials, { encoding: this.#view.plain, scales });
  }
}

/** How many trials each model was fitted to up to this length of the log. */
function fitPoints(length: number, trialsPerFit: number, firstTrialsPerFit: number): readonly number[] {
  const points: number[] = [];
  for (let next = OPENING; next <= length; ) {
    points.push(next);
    const least = next < FIRST_TRIALS ? firstTrialsPerFit : trialsPerFit;
    next += Math.max(least, Math.floor(next * SHARE_PER_FIT));
  }
  return points;
}

/** How many trials a model is fitted to when the log has this length, where it is used for as many trials at first. */
export function fitPoint(length: number, trialsPerFit: number): number {
  return fitPoints(length, trialsPerFit, trialsPerFit).at(-1) ?? 0;
}

/** How many trials the scales are fitted to when the log has this length. */
export function scalePoint(length: number): number {
  let point = OPENING;
  for (let next = point; next <= length; next = Math.ceil(next * GROWTH)) point = next;
  return point;
}

const unmetered: Meter = (work) => work();

function hasTime({ logTime }: PastTrial): boolean {
  return Number.isFinite(logTime);
}

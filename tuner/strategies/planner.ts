import { type Random, randomFor } from '../../search-space/random.ts';
import { fitScales, type Scales } from '../models/kernel-scales.ts';
import { type Known, sampleOf } from '../models/known.ts';
import { Surrogate, type Views, viewsOf } from '../models/surrogate.ts';
import { NO_TREND, type Trend, trendOf } from '../models/trend.ts';
import type { Meter, Prior, StrategyContext } from './_base.ts';
import { candidates } from './candidates.ts';
import { History, knownOf, type Seen } from './history.ts';
import { OPENING } from './opening.ts';
import { Plan } from './plan.ts';

/** Times without which there is nothing to model. */
const FEWEST_TIMES = 2;
/** A model serves at least this many trials, or this share of the log when that is more. */
export const STRIDE = 4;
const STRIDE_SHARE = 1 / 32;
/** The process's scales are found anew whenever the log has grown by this factor. */
const GROWTH = 1.2;

export type PlannerOptions = Readonly<{
  /** Trials that a model serves. */
  stride: number;
  prior?: Prior;
  /** Members to ask about besides those that a search finds by itself. */
  favourites: readonly number[];
}>;

/** Makes the plan that holds at this length of the log, always from the same beginning of the log. */
export class Planner {
  readonly #context: StrategyContext;
  readonly #options: PlannerOptions;
  readonly #views: Views;
  readonly #history: History;
  /** The log up to the present plan. */
  readonly #past: History;
  #plan: Plan | undefined;
  #scales: Readonly<{ from: number; scales: Scales }> | undefined;

  constructor(context: StrategyContext, history: History, options: PlannerOptions) {
    this.#context = context;
    this.#options = options;
    this.#views = viewsOf(context.space.parameters);
    this.#history = history;
    this.#past = new History(context.space);
  }

  /** Trials since the present plan was made. */
  get age(): number {
    return this.#history.length - planPoint(this.#history.length, this.#options.stride);
  }

  /** Undefined while too few trials have a time. */
  planNow(): Plan | undefined {
    const from = planPoint(this.#history.length, this.#options.stride);
    if (from > this.#past.length) {
      for (const seen of this.#history.seen.slice(this.#past.length, from)) this.#past.append(seen);
      this.#plan = this.#past.ranked.length < FEWEST_TIMES ? undefined : this.#make(from);
    }
    return this.#plan;
  }

  #make(from: number): Plan {
    const { seed, meter = unmetered } = this.#context;
    const random = randomFor(seed, 'plan', from);
    const model = meter(() => this.#learn(from, random));
    const turn = { history: this.#past, taken: new Set<number>(), random };
    const asked = new Set([...candidates(turn), ...this.#options.favourites]);
    return meter(() => new Plan(from, model, this.#past, [...asked]));
  }

  #learn(from: number, random: Random): Surrogate {
    const known = knownOf(this.#past.seen);
    return new Surrogate(this.#views, known, this.#scalesAt(from), { trend: this.#trend(known), random });
  }

  #scalesAt(length: number): Scales {
    const times = this.#past.seen.slice(0, scalePoint(length)).filter(hasTime).length;
    const from = times < FEWEST_TIMES ? length : scalePoint(length);
    if (this.#scales?.from !== from) {
      const known = knownOf(this.#past.seen.slice(0, from));
      const sample = sampleOf(known, this.#views.plain, this.#trend(known));
      this.#scales = { from, scales: fitScales(sample.features, sample.targets) };
    }
    return this.#scales.scales;
  }

  #trend(known: Known): Trend {
    const { prior } = this.#options;
    return prior === undefined ? NO_TREND : trendOf(prior, known);
  }
}

/** The length of the log from which the plan at this length is made. */
function planPoint(length: number, stride: number): number {
  if (length < OPENING) return 0;
  let point = OPENING;
  for (let next = point; next <= length; next += Math.max(stride, Math.floor(next * STRIDE_SHARE)))
    point = next;
  return point;
}

/** The length of the log from which the scales at this length are found. */
function scalePoint(length: number): number {
  let point = OPENING;
  for (let next = point; next <= length; next = Math.ceil(next * GROWTH)) point = next;
  return point;
}

const unmetered: Meter = (work) => work();

function hasTime({ logTime }: Seen): boolean {
  return Number.isFinite(logTime);
}

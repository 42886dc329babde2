import { randomFor } from '../../search-space/random.ts';
import { fitScales, type Scales } from '../models/kernel-scales.ts';
import { type Known, sampleOf } from '../models/known.ts';
import { Surrogate, type Views, viewsOf } from '../models/surrogate.ts';
import type { StrategyContext, StrategyFactory } from './_base.ts';
import { candidates } from './candidates.ts';
import { History, type Seen } from './history.ts';
import { Plan } from './plan.ts';
import { sequentialStrategy, type Turn } from './sequential.ts';

/** Random trials before the first model. */
const OPENING = 6;
/** Times without which there is nothing to model. */
const FEWEST_TIMES = 2;
/** A model serves this many trials, or this share of the log when that is more. */
const STRIDE = 4;
const STRIDE_SHARE = 1 / 32;
/** The process's scales are found anew whenever the log has grown by this factor. */
const GROWTH = 1.2;

/** Asks a model, refitted as the log grows, for the members with the largest expected improvement. */
export const surrogate: StrategyFactory = Object.freeze({
  name: 'surrogate',
  summary: 'expected improvement on randomised trees and a Gaussian process',
  create: (context: StrategyContext) =>
    sequentialStrategy(context, (history) => {
      const planner = new Planner(context, history);
      return { name: 'surrogate', propose: (turn: Turn) => planner.planNow()?.next(turn) };
    }),
});

/** Makes the plan that holds at this length of the log, from a beginning of the log that is a function of its length. */
class Planner {
  readonly #context: StrategyContext;
  readonly #views: Views;
  readonly #history: History;
  /** The log up to the present plan. */
  readonly #past: History;
  #plan: Plan | undefined;
  #scales: Readonly<{ from: number; scales: Scales }> | undefined;

  constructor(context: StrategyContext, history: History) {
    this.#context = context;
    this.#views = viewsOf(context.space.parameters);
    this.#history = history;
    this.#past = new History(context.space);
  }

  /** Undefined while too few trials have a time. */
  planNow(): Plan | undefined {
    const from = planPoint(this.#history.length);
    if (from > this.#past.length) {
      for (const seen of this.#history.seen.slice(this.#past.length, from)) this.#past.append(seen);
      this.#plan = this.#past.ranked.length < FEWEST_TIMES ? undefined : this.#make(from);
    }
    return this.#plan;
  }

  #make(from: number): Plan {
    const random = randomFor(this.#context.seed, 'plan', from);
    const model = new Surrogate(this.#views, knownOf(this.#past.seen), this.#scalesAt(from), random);
    const turn = { history: this.#past, taken: new Set<number>(), random };
    return new Plan(from, model, this.#past, candidates(turn));
  }

  #scalesAt(length: number): Scales {
    const times = this.#past.seen.slice(0, scalePoint(length)).filter(hasTime).length;
    const from = times < FEWEST_TIMES ? length : scalePoint(length);
    if (this.#scales?.from !== from) {
      const known = knownOf(this.#past.seen.slice(0, from));
      const sample = sampleOf(known, this.#views.plain);
      this.#scales = { from, scales: fitScales(sample.features, sample.targets) };
    }
    return this.#scales.scales;
  }
}

/** The length of the log from which the plan at this length is made. */
function planPoint(length: number): number {
  if (length < OPENING) return 0;
  let point = OPENING;
  for (let next = point; next <= length; next += Math.max(STRIDE, Math.floor(next * STRIDE_SHARE)))
    point = next;
  return point;
}

/** The length of the log from which the scales at this length are found. */
function scalePoint(length: number): number {
  let point = OPENING;
  for (let next = point; next <= length; next = Math.ceil(next * GROWTH)) point = next;
  return point;
}

function hasTime({ logTime }: Seen): boolean {
  return Number.isFinite(logTime);
}

function knownOf(seen: readonly Seen[]): Known {
  return {
    members: seen.map(({ digits }) => digits),
    logTimes: Float64Array.from(seen, ({ logTime }) => logTime),
  };
}

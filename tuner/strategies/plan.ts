import { expectedImprovement } from '../models/expected-improvement.ts';
import type { Belief, Surrogate } from '../models/surrogate.ts';
import type { Suggestion } from './_base.ts';
import type { History } from './history.ts';
import { isFresh, type Turn } from './sequential.ts';

/** Members that the whole model is asked about; the forests alone choose them. */
const SHORTLIST = 200;
/** How much of its spread a member is forgiven on the way to the shortlist. */
const OPTIMISM = 0.7;

/** Trials without gain after which the search grows restless, and those in which doubt doubles from there. */
const PATIENCE = 8;
const DOUBLING = 10;
const MOST_DOUBT = 4;

type Choice = Readonly<{ index: number; digits: Int32Array; merit: number; mean: number; sd: number }>;

/**
 * What a model thinks worth seeing, made once for a few trials.
 *
 * A member's merit is its expected improvement times the probability that it runs. It falls with the
 * likeness to any trial that the model has not seen the result of: what that one will say of this one
 * need not be asked twice. Without gain for long, the model's spread is taken to be larger than it says:
 * what it believes led here, and only what it doubts leads away.
 */
export class Plan {
  /** Trials that the model has seen. */
  readonly #from: number;
  readonly #model: Surrogate;
  readonly #choices: readonly Choice[];

  constructor(from: number, model: Surrogate, history: History, indices: readonly number[]) {
    this.#from = from;
    this.#model = model;
    this.#choices = choicesOf(model, history, indices);
  }

  /** The best of what is still fresh; undefined when the plan is used up. */
  next(turn: Turn): Suggestion | undefined {
    const { history, taken } = turn;
    const awaited = [
      ...history.seen.slice(this.#from).map(({ digits }) => digits),
      ...Array.from(taken, (index) => history.space.digitsAt(index)),
    ];
    let best: Choice | undefined;
    let bestMerit = Number.NEGATIVE_INFINITY;
    for (const choice of this.#choices) {
      // The choices stand in falling order of merit, and likeness only takes away.
      if (choice.merit <= bestMerit) break;
      if (!isFresh(turn, choice.index)) continue;
      const merit = choice.merit * this.#novelty(choice.digits, awaited);
      if (merit <= bestMerit) continue;
      best = choice;
      bestMerit = merit;
    }
    if (best === undefined) return undefined;
    return { index: best.index, origin: 'model', prediction: { meanLog: best.mean, sdLog: best.sd } };
  }

  /** The share of the spread that the awaited results will leave. */
  #novelty(digits: Int32Array, awaited: readonly Int32Array[]): number {
    let likeness = 0;
    for (const other of awaited) likeness = Math.max(likeness, this.#model.likeness(digits, other));
    return Math.sqrt(Math.max(0, 1 - likeness ** 2));
  }
}

function choicesOf(model: Surrogate, history: History, indices: readonly number[]): readonly Choice[] {
  const all = indices.map((index) => ({ index, digits: history.space.digitsAt(index) }));
  const doubt = doubtAfter(history.still);
  const shortlist = shortlisted(model, all, doubt);
  const belief = model.believe(shortlist.map(({ digits }) => digits));
  return shortlist
    .map((member, i) => ({
      ...member,
      merit: merit(model, belief, i, doubt),
      mean: belief.mean[i],
      sd: belief.sd[i],
    }))
    .sort((a, b) => b.merit - a.merit || a.index - b.index);
}

function doubtAfter(still: number): number {
  return Math.min(MOST_DOUBT, 1 + Math.max(0, still - PATIENCE) / DOUBLING);
}

function merit(model: Surrogate, { mean, sd, valid }: Belief, i: number, doubt: number): number {
  return valid[i] * expectedImprovement(model.toBeat, mean[i], doubt * sd[i]);
}

type Member = Readonly<{ index: number; digits: Int32Array }>;

function shortlisted(model: Surrogate, members: readonly Member[], doubt: number): readonly Member[] {
  if (members.length <= SHORTLIST) return members;
  const { mean, sd, valid } = model.screen(members.map(({ digits }) => digits));
  const hope = mean.map(
    (value, i) => value - OPTIMISM * doubt * sd[i] + (1 - valid[i]) * (model.slow - model.toBeat),
  );
  return members
    .map((member, i) => ({ member, hope: hope[i] }))
    .sort((a, b) => a.hope - b.hope)
    .slice(0, SHORTLIST)
    .map(({ member }) => member);
}

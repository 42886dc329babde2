import { randomFor } from '../../search-space/random.ts';
import type { Prior, StrategyContext, Suggestion } from './_base.ts';
import { candidates } from './candidates.ts';
import { History } from './history.ts';
import { ModelFitter } from './model-fitter.ts';
import { farthest, OPENING } from './opening.ts';
import type { Turn } from './turn.ts';

/** Members whose predictions say which half is the slow one. */
const SAMPLED = 200;
/** Trials without gain after which two of every four trials are here. */
const PATIENCE = 12;
/** Which two: `guided` tries neighbours at the last of four, and at the first its model is asked, however long there is no gain. */
const TURNS: readonly number[] = [1, 2];
const CYCLE = 4;
/** Members drawn for one of the scattered trials. */
const DRAWN = 40;

type Options = Readonly<{ prior: Prior; trialsPerFit: number }>;

/**
 * A search of its own, without the prior, in the half of a space that the prior calls slow. Whoever starts in the prior's
 * basin soon has a time that nothing else comes near at once: a model of the whole space expects no gain elsewhere, with
 * the prior or without. This one's model knows the trials of its half alone, and seeks to beat the fastest of these.
 */
export class SlowHalf {
  readonly #context: StrategyContext;
  readonly #options: Options;
  readonly #history: History;
  /** The trials of this half, of those before `#read`. */
  readonly #inside: History;
  readonly #fitter: ModelFitter;
  #read = 0;
  #limit: number | undefined;

  constructor(context: StrategyContext, history: History, options: Options) {
    this.#context = context;
    this.#options = options;
    this.#history = history;
    this.#inside = new History(context.space);
    this.#fitter = new ModelFitter(context, this.#inside, {
      trialsPerFit: options.trialsPerFit,
      candidatesFor: (turn) => this.#slowOf(candidates(turn)),
    });
  }

  /** The next member to try here; undefined where it is not this half's turn, or nothing is left of it. */
  next(turn: Turn): Suggestion | undefined {
    const number = this.#history.length + turn.taken.size;
    if (this.#history.sinceBest < PATIENCE || !TURNS.includes(number % CYCLE)) return undefined;
    this.#readOn();
    if (this.#inside.length < OPENING) return this.#scattered(turn);
    const found = this.#fitter.acquisition()?.next({ ...turn, history: this.#inside });
    return found && { ...found, origin: 'slow half' };
  }

  #readOn(): void {
    const trials = this.#history.trials.slice(this.#read);
    const slow = new Set(this.#slowOf(trials.map(({ index }) => index)));
    for (const trial of trials) if (slow.has(trial.index)) this.#inside.append(trial);
    this.#read = this.#history.length;
  }

  #scattered(turn: Turn): Suggestion | undefined {
    const drawn = Array.from({ length: DRAWN }, () => this.#context.space.sample(turn.random));
    return farthest(turn, this.#slowOf(drawn));
  }

  #slowOf(indices: readonly number[]): readonly number[] {
    this.#limit ??= this.#median();
    const limit = this.#limit;
    const predicted = this.#predict(indices);
    return indices.filter((_, i) => predicted[i] >= limit);
  }

  #median(): number {
    const { space, seed } = this.#context;
    const random = randomFor(seed, 'slow half');
    const predicted = this.#predict(Array.from({ length: SAMPLED }, () => space.sample(random)));
    return Float64Array.from(predicted).sort()[SAMPLED >> 1];
  }

  #predict(indices: readonly number[]): readonly number[] {
    const { space } = this.#context;
    return this.#options.prior
      .predict(indices.map((index) => space.digitsAt(index)))
      .map(({ meanLog }) => meanLog);
  }
}

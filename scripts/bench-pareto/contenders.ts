import { paretoOptima, type Values } from '../../tuner/objectives/front.ts';
import type {
  Observation,
  Strategy,
  StrategyContext,
  StrategyFactory,
  Suggestion,
} from '../../tuner/strategies/_base.ts';
import { defaultStrategy } from '../../tuner/strategies/default.ts';
import { pareto } from '../../tuner/strategies/pareto.ts';
import { random } from '../../tuner/strategies/random.ts';

/** So many trials at first between two looks at the objectives' ranges, and by which factor their number grows. */
const FIRST = 20;
const GROWTH = 1.25;
/** The part of the sum beside the largest term (Knowles 2006). */
const AUGMENTED = 0.05;

type Many = Extract<Observation, { state: 'timed' }> & Readonly<{ values: Values }>;

/** Searches for one objective each, made of all of them by weights, that take turns and see all trials. */
class Scalarised implements Strategy {
  readonly #context: StrategyContext;
  readonly #weights: readonly Values[];
  readonly #seen: Observation[] = [];
  #inner: Strategy[] = [];
  #nextLook = 0;
  #range: Readonly<{ low: Values; high: Values }> = { low: [], high: [] };

  constructor(context: StrategyContext, weights: readonly Values[]) {
    this.#context = context;
    this.#weights = weights;
  }

  observe(observations: readonly Observation[]): void {
    this.#seen.push(...observations);
    if (this.#seen.length >= this.#nextLook) this.#lookAnew();
    else this.#tell(observations);
  }

  #lookAnew(): void {
    this.#nextLook = Math.max(this.#seen.length + FIRST, Math.ceil(this.#seen.length * GROWTH));
    const timed = this.#seen.filter(isMany);
    if (timed.length > 0) {
      const front = paretoOptima(timed, ({ values }) => values).map(({ values }) => logs(values));
      const per = (pick: (values: readonly number[]) => number): Values =>
        front[0].map((_, i) => pick(front.map((values) => values[i])));
      this.#range = { low: per((all) => Math.min(...all)), high: per((all) => Math.max(...all)) };
    }
    this.#inner = this.#weights.map((_, n) =>
      defaultStrategy.create({ ...this.#context, seed: this.#context.seed * 31 + n }),
    );
    this.#tell(this.#seen);
  }

  #tell(observations: readonly Observation[]): void {
    for (const [n, strategy] of this.#inner.entries())
      strategy.observe(observations.map((one) => this.#seenBy(one, n)));
  }

  /** The augmented Chebyshev scalarisation of logarithms. */
  #seenBy(observation: Observation, n: number): Observation {
    if (!isMany(observation)) return observation;
    const { low, high } = this.#range;
    const terms = logs(observation.values).map(
      (value, i) =>
        (this.#weights[n][i] * (value - (low[i] ?? value))) / Math.max(1e-9, (high[i] ?? 1) - (low[i] ?? 0)),
    );
    const sum = terms.reduce((a, b) => a + b, 0);
    return {
      index: observation.index,
      state: 'timed',
      timeUs: Math.exp(Math.max(...terms) + AUGMENTED * sum),
    };
  }

  suggest(count: number): readonly Suggestion[] {
    if (this.#inner.length === 0) this.#lookAnew();
    const found = new Map<number, Suggestion>();
    for (let n = 0; n < count; n++) {
      const turn = (this.#seen.length + n) % this.#inner.length;
      for (const one of this.#inner[turn].suggest(count + 1)) {
        if (found.has(one.index)) continue;
        found.set(one.index, one);
        break;
      }
    }
    return [...found.values()];
  }
}

function isMany(observation: Observation): observation is Many {
  return observation.state === 'timed' && observation.values !== undefined;
}

function logs(values: Values): Values {
  return values.map((value) => Math.log(value + 1));
}

/** Weights on a simplex: each objective alone nearly, and mixtures. */
function weightsOf(objectives: number): readonly Values[] {
  if (objectives === 2) return [0.05, 0.25, 0.5, 0.75, 0.95].map((weight) => [weight, 1 - weight]);
  const most = Array.from({ length: objectives }, (_, n) =>
    Array.from({ length: objectives }, (_, i) => (i === n ? 0.8 : 0.2 / (objectives - 1))),
  );
  return [...most, Array.from({ length: objectives }, () => 1 / objectives)];
}

function scalarised(
  name: string,
  weights: (objectives: number) => readonly Values[],
  objectives: number,
): StrategyFactory {
  return { name, summary: name, create: (context) => new Scalarised(context, weights(objectives)) };
}

/** What is compared, for so many objectives. */
export function contendersFor(objectives: number): readonly StrategyFactory[] {
  const equal = [Array.from({ length: objectives }, () => 1 / objectives)];
  return [
    random,
    scalarised('one scalarisation', () => equal, objectives),
    scalarised('portfolio of scalarisations', weightsOf, objectives),
    { ...pareto, name: 'hypervolume' },
  ];
}

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

type Range = Readonly<{ low: Values; high: Values }>;

type Many = Extract<Observation, { state: 'timed' }> & Readonly<{ values: Values }>;

/** Searches for one objective each, made of all of them by weights, that take turns and see all trials. */
function scalarised(context: StrategyContext, weights: readonly Values[]): Strategy {
  const seen: Observation[] = [];
  let inner: Strategy[] = [];
  let nextLook = 0;
  let range: Range = { low: [], high: [] };

  function tell(observations: readonly Observation[]): void {
    for (const [n, strategy] of inner.entries())
      strategy.observe(observations.map((one) => seenBy(one, weights[n], range)));
  }

  function lookAnew(): void {
    nextLook = Math.max(seen.length + FIRST, Math.ceil(seen.length * GROWTH));
    range = rangeOf(seen.filter(isMany)) ?? range;
    inner = weights.map((_, n) => defaultStrategy.create({ ...context, seed: context.seed * 31 + n }));
    tell(seen);
  }

  return {
    observe(observations) {
      seen.push(...observations);
      if (seen.length >= nextLook) lookAnew();
      else tell(observations);
    },
    suggest(count) {
      if (inner.length === 0) lookAnew();
      const found = new Map<number, Suggestion>();
      for (let n = 0; n < count; n++) {
        const fresh = inner[(seen.length + n) % inner.length]
          .suggest(count + 1)
          .find(({ index }) => !found.has(index));
        if (fresh !== undefined) found.set(fresh.index, fresh);
      }
      return [...found.values()];
    },
  };
}

/** The objectives' ranges over the Pareto optima, as logarithms; undefined without any. */
function rangeOf(timed: readonly Many[]): Range | undefined {
  if (timed.length === 0) return undefined;
  const front = paretoOptima(timed, ({ values }) => values).map(({ values }) => logs(values));
  const per = (pick: (values: readonly number[]) => number): Values =>
    front[0].map((_, i) => pick(front.map((values) => values[i])));
  return { low: per((all) => Math.min(...all)), high: per((all) => Math.max(...all)) };
}

/** The augmented Chebyshev scalarisation of logarithms. */
function seenBy(observation: Observation, weights: Values, { low, high }: Range): Observation {
  if (!isMany(observation)) return observation;
  const terms = logs(observation.values).map(
    (value, i) => (weights[i] * (value - (low[i] ?? value))) / Math.max(1e-9, (high[i] ?? 1) - (low[i] ?? 0)),
  );
  const sum = terms.reduce((a, b) => a + b, 0);
  return {
    index: observation.index,
    state: 'timed',
    timeUs: Math.exp(Math.max(...terms) + AUGMENTED * sum),
  };
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

function scalarisedBy(name: string, weights: readonly Values[]): StrategyFactory {
  return { name, summary: name, create: (context) => scalarised(context, weights) };
}

/** What is compared, for so many objectives. */
export function contendersFor(objectives: number): readonly StrategyFactory[] {
  const equal = [Array.from({ length: objectives }, () => 1 / objectives)];
  return [
    random,
    scalarisedBy('one scalarisation', equal),
    scalarisedBy('portfolio of scalarisations', weightsOf(objectives)),
    { ...pareto, name: 'hypervolume' },
  ];
}

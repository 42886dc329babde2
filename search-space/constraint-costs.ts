import type { Constraint } from './constraint.ts';
import type { ConstructionOptions } from './construction.ts';
import { factor } from './diagram/groups.ts';
import { OutOfBounds, WorkMeter } from './diagram/meter.ts';
import { namesIn } from './expression-parts.ts';
import type { SearchSpace } from './search-space.ts';
import type { SpaceDefinition } from './space-definition.ts';

/** So many of that many configurations. Exact. */
export type ExactPart = Readonly<{ count: bigint; of: bigint }>;

/** What a constraint removes; null where counting takes too much work, or a count is not exact. */
export type ConstraintCost = Readonly<{
  sentence: string;
  /** Of all combinations of values, as if it were the only constraint. */
  alone: ExactPart | null;
  /** Of the configurations that all other constraints leave; null also for a table, whose members follow from its rows. */
  ofTheRest: ExactPart | null;
}>;

const STEPS_IN_ALL = 50_000_000;
/** So that one hard count leaves work for the others. */
const STEPS_OF_ONE = 4_000_000;

/** All combinations of values, whether a constraint forbids them or not. */
export function combinationsOf({ parameters }: Pick<SpaceDefinition, 'parameters'>): bigint {
  return parameters.reduce((product, { values }) => product * BigInt(values.length), 1n);
}

/**
 * What each constraint of a space removes, one after the other, in their order. What is counted are only the parameters
 * that constraints tie to its own, within a limit of work in all; a caller may stop between two.
 */
export function* constraintCosts(
  space: Pick<SearchSpace, 'parameters' | 'constraints' | 'size'>,
  { mostSteps = STEPS_IN_ALL }: Pick<ConstructionOptions, 'mostSteps'> = {},
): Generator<ConstraintCost> {
  const all = combinationsOf(space);
  const size = BigInt(space.size);
  const counter = new Counter(mostSteps);
  const isTable = ![size, null].includes(counter.members(space));
  const sizes = new Map<SpaceDefinition, bigint | null>();
  for (const [constraint, tied] of tiedTo(space)) {
    const { parameters, constraints } = tied;
    const own = combinationsOf(tied);
    const alone = counter.members({ parameters, constraints: [constraint] });
    const rest = counter.members({
      parameters,
      constraints: constraints.filter((other) => other !== constraint),
    });
    const within = sizes.has(tied) ? sizes.get(tied) : counter.members(tied);
    sizes.set(tied, within ?? null);
    yield {
      sentence: constraint.sentence,
      alone: alone === null ? null : { count: ((own - alone) * all) / own, of: all },
      // All other parameters are free of it, so their part of the size is a factor. No other size is exact.
      ofTheRest:
        isTable || rest === null || !within || size % within !== 0n
          ? null
          : { count: (rest - within) * (size / within), of: rest * (size / within) },
    };
  }
}

/** Each constraint with the part of the space that constraints tie to its parameters. */
function tiedTo({ parameters, constraints }: SpaceDefinition): ReadonlyMap<Constraint, SpaceDefinition> {
  const groupOf = new Map(parameters.map(({ name }) => [name, new Set([name])]));
  for (const { expression } of constraints) {
    const joined = new Set(namesIn(expression).flatMap((name) => [...(groupOf.get(name) ?? [])]));
    for (const name of joined) groupOf.set(name, joined);
  }
  const groups = constraints.map(({ expression }) => groupOf.get(namesIn(expression)[0]));
  const parts = new Map(
    [...new Set(groups)].map((group) => [
      group,
      {
        parameters: parameters.filter(({ name }) => group?.has(name)),
        constraints: constraints.filter((_, place) => groups[place] === group),
      },
    ]),
  );
  const none = { parameters: [], constraints: [] };
  return new Map(constraints.map((constraint, place) => [constraint, parts.get(groups[place]) ?? none]));
}

/** Counts members until the work is spent. */
class Counter {
  #left: number;

  constructor(mostSteps: number) {
    this.#left = mostSteps;
  }

  /** Null where it takes too much work, or more than 2^53 members make the count inexact. */
  members({ parameters, constraints }: SpaceDefinition): bigint | null {
    if (this.#left <= 0) return null;
    const meter = new WorkMeter({ mostSteps: Math.min(this.#left, STEPS_OF_ONE) });
    try {
      const expressions = constraints.map(({ expression }) => expression);
      const sizes = factor(parameters, expressions, meter)?.diagrams.map(({ size }) => size) ?? [0];
      // A diagram counts in float64.
      if (!sizes.every(Number.isSafeInteger)) return null;
      return sizes.reduce((product, size) => product * BigInt(size), 1n);
    } catch (error) {
      if (error instanceof OutOfBounds) return null;
      throw error;
    } finally {
      this.#left -= meter.steps + parameters.length + constraints.length;
    }
  }
}

import type { ConstructionOptions } from './construction.ts';
import { factor } from './diagram/groups.ts';
import { OutOfBounds, WorkMeter } from './diagram/meter.ts';
import type { SearchSpace } from './search-space.ts';
import type { SpaceDefinition } from './space-definition.ts';

/** So many of that many configurations. Exact. */
export type ExactPart = Readonly<{ count: bigint; of: bigint }>;

/** What a constraint removes; null where counting takes too much work, or a count is not exact. */
export type ConstraintCost = Readonly<{
  sentence: string;
  /** Of all combinations of values, as if it were the only constraint. */
  alone: ExactPart | null;
  /** Of the configurations that all other constraints leave. */
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
 * What each constraint of a space removes, one after the other, in their order. A space is counted twice for each,
 * within a limit of work in all, so a caller may stop between two.
 */
export function* constraintCosts(
  space: Pick<SearchSpace, 'parameters' | 'constraints' | 'size'>,
  { mostSteps = STEPS_IN_ALL }: Pick<ConstructionOptions, 'mostSteps'> = {},
): Generator<ConstraintCost> {
  const { parameters, constraints } = space;
  const all = combinationsOf(space);
  let left = mostSteps;
  const countedBy = (some: SpaceDefinition['constraints']): bigint | null => {
    const meter = new WorkMeter({ mostSteps: Math.min(left, STEPS_OF_ONE) });
    const count = left > 0 ? membersBy({ parameters, constraints: some }, meter) : null;
    left -= meter.steps;
    return count;
  };
  for (const constraint of constraints) {
    const alone = countedBy([constraint]);
    const rest = countedBy(constraints.filter((other) => other !== constraint));
    yield {
      sentence: constraint.sentence,
      alone: alone === null ? null : { count: all - alone, of: all },
      ofTheRest: rest === null ? null : { count: rest - BigInt(space.size), of: rest },
    };
  }
}

function membersBy({ parameters, constraints }: SpaceDefinition, meter: WorkMeter): bigint | null {
  try {
    const expressions = constraints.map(({ expression }) => expression);
    const sizes = factor(parameters, expressions, meter)?.diagrams.map(({ size }) => size) ?? [0];
    // A diagram counts in float64.
    if (!sizes.every(Number.isSafeInteger)) return null;
    return sizes.reduce((product, size) => product * BigInt(size), 1n);
  } catch (error) {
    if (error instanceof OutOfBounds) return null;
    throw error;
  }
}

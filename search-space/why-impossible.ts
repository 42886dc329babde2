import type { Constraint } from './constraint.ts';
import { factor } from './diagram/groups.ts';
import { OutOfBounds, WorkMeter } from './diagram/meter.ts';
import type { Value } from './parameter.ts';
import type { SpaceDefinition } from './space-definition.ts';

/** A sentence is worth no more work. */
const MOST_STEPS = 4_000_000;

/**
 * The constraints that together forbid some given values, none of which could be left out; none where constraints do not
 * forbid them, or where it takes too much work to tell. (A deletion filter: Chinneck and Dravnieks, 1991.)
 */
export function whyImpossible(
  { parameters, constraints }: SpaceDefinition,
  given: Readonly<Record<string, Value>>,
): readonly Constraint[] {
  const meter = new WorkMeter({ mostSteps: MOST_STEPS });
  const narrowed = parameters.map((parameter) =>
    Object.hasOwn(given, parameter.name)
      ? { ...parameter, values: parameter.values.filter((value) => value === given[parameter.name]) }
      : parameter,
  );
  const forbids = (some: readonly Constraint[]): boolean =>
    factor(
      narrowed,
      some.map(({ expression }) => expression),
      meter,
    ) === undefined;
  try {
    if (!forbids(constraints)) return [];
    return constraints.reduce<readonly Constraint[]>((left, constraint) => {
      const fewer = left.filter((other) => other !== constraint);
      return forbids(fewer) ? fewer : left;
    }, constraints);
  } catch (error) {
    if (error instanceof OutOfBounds) return [];
    throw error;
  }
}

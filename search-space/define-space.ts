import type { Constraint } from './constraint.ts';
import type { ConstructionOptions } from './construction.ts';
import { type Factored, factor } from './diagram/groups.ts';
import { OutOfBounds, WorkMeter } from './diagram/meter.ts';
import { namesIn } from './expression-parts.ts';
import { FactoredSpace } from './factored-space.ts';
import { InputError, unknownName } from './input-error.ts';
import { checkLimit, LIMITS } from './limits.ts';
import type { Parameter } from './parameter.ts';
import { checkParameters } from './parameters.ts';
import type { Restriction } from './restriction.ts';
import { restrictionConstraints } from './restriction-constraints.ts';
import type { SearchSpace } from './search-space.ts';
import type { SpaceDefinition } from './space-definition.ts';
import { tooHard } from './too-hard.ts';

/**
 * The space of all configurations that satisfy all constraints. Counts exactly and lists nothing.
 *
 * A constraint that cannot be evaluated for a configuration (division by zero, text compared with a
 * number) is broken by it. Throws InputError for parameters that are given twice or have no values,
 * unknown names, an empty space, one of more than 2^53 − 1 configurations, and one that takes more work or
 * memory than the options allow; so does `restrict` of the space.
 */
export function defineSpace(
  parameters: readonly Parameter[],
  constraints: readonly Constraint[],
  options: ConstructionOptions = {},
): SearchSpace {
  const definition = { parameters, constraints };
  return spaceOf(definition, membersOf(definition, options), options);
}

/** Builds a space, perhaps in another thread. Throws InputError as `defineSpace` does. */
export type BuildSpace = (definition: SpaceDefinition) => Promise<SearchSpace>;

export const buildHere: BuildSpace = async ({ parameters, constraints }) =>
  defineSpace(parameters, constraints);

/** What makes a space of a definition: its members, as data that may come from another thread. */
export type Members = Factored;

/** Throws as `defineSpace` does. */
export function membersOf(definition: SpaceDefinition, options: ConstructionOptions = {}): Members {
  const { parameters, constraints } = definition;
  checkParameters(parameters);
  checkLimit('constraints', 'constraints', constraints.length, LIMITS.constraints);
  checkNames(parameters, constraints);
  const members = membersLeft(definition, options);
  if (members === undefined) throw new InputError('constraints', emptyReason(definition, options));
  return members;
}

/**
 * The space of a definition whose members were worked out already. The options are those of its restrictions.
 * Throws InputError for more than 2^53 − 1 configurations.
 */
export function spaceOf(
  { parameters, constraints }: SpaceDefinition,
  members: Members,
  options: ConstructionOptions = {},
): SearchSpace {
  const space: SearchSpace = new FactoredSpace(
    parameters,
    constraints,
    members,
    (restriction, within = options) => {
      const restricted = restrictedDefinition(space, restriction);
      if (restricted.constraints.length === constraints.length) return space;
      const left = membersLeft(restricted, within);
      return left === undefined ? null : spaceOf(restricted, left, options);
    },
  );
  return space;
}

/** What a restriction makes of a definition. Throws InputError for an unknown parameter and a text that is no constraint. */
export function restrictedDefinition(
  { parameters, constraints }: SpaceDefinition,
  restriction: Restriction,
): SpaceDefinition {
  return { parameters, constraints: [...constraints, ...restrictionConstraints(restriction, parameters)] };
}

/** The members of a definition that was checked; undefined where there are none. Throws InputError where it is too hard. */
export function membersLeft(
  definition: SpaceDefinition,
  options: ConstructionOptions = {},
): Members | undefined {
  try {
    return factored(definition, new WorkMeter(options));
  } catch (error) {
    if (error instanceof OutOfBounds) throw tooHard(error, definition);
    throw error;
  }
}

function factored({ parameters, constraints }: SpaceDefinition, meter: WorkMeter): Factored | undefined {
  return factor(
    parameters,
    constraints.map(({ expression }) => expression),
    meter,
  );
}

function checkNames(parameters: readonly Parameter[], constraints: readonly Constraint[]): void {
  const known = new Set(parameters.map(({ name }) => name));
  for (const { expression, sentence } of constraints) {
    const unknown = namesIn(expression).find((name) => !known.has(name));
    if (unknown === undefined) continue;
    const { message } = unknownName('parameter', unknown, [...known]);
    throw new InputError('constraints', `'${sentence}' names an ${message.slice('parameter: '.length)}`);
  }
}

/** A sentence on the first constraint that makes the space empty when they are added in order, if the options allow the search. */
function emptyReason({ parameters, constraints }: SpaceDefinition, options: ConstructionOptions): string {
  const meter = new WorkMeter(options);
  const isEmpty = (_: unknown, last: number): boolean => {
    const some = { parameters, constraints: constraints.slice(0, last + 1) };
    return factored(some, meter) === undefined;
  };
  try {
    const culprit = constraints.find(isEmpty);
    const alone = culprit === constraints[0] ? 'satisfies it' : 'satisfies it together with those before it';
    return `the space is empty: '${culprit?.sentence}' leaves nothing, no configuration ${alone}`;
  } catch (error) {
    if (!(error instanceof OutOfBounds)) throw error;
    return 'the space is empty: no configuration satisfies all of them';
  }
}

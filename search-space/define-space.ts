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

/** What makes a space of a definition: its members, as data that may come from another thread. Throws as `defineSpace` does. */
export function membersOf(definition: SpaceDefinition, options: ConstructionOptions = {}): Factored {
  const { parameters, constraints } = definition;
  checkParameters(parameters);
  checkLimit('constraints', 'constraints', constraints.length, LIMITS.constraints);
  checkNames(parameters, constraints);
  const members = solve(definition, options);
  if (members === undefined) throw new InputError('constraints', emptyReason(definition, options));
  return members;
}

/** The members of restrictions of a space, by the restriction's JSON; undefined where there are none. */
export type KnownRestrictions = Map<string, Factored | undefined>;

/**
 * The space of a definition whose members were worked out already. What it is restricted to is looked up in `known`,
 * and added where it is not there. Throws InputError for more than 2^53 − 1 configurations.
 */
export function spaceOf(
  { parameters, constraints }: SpaceDefinition,
  members: Factored,
  options: ConstructionOptions = {},
  known?: KnownRestrictions,
): SearchSpace {
  const space: SearchSpace = new FactoredSpace(parameters, constraints, members, (restriction) => {
    const more = restrictionConstraints(restriction, parameters);
    if (more.length === 0) return space;
    const restricted = { parameters, constraints: [...constraints, ...more] };
    const key = JSON.stringify(restriction);
    const left = known?.has(key) ? known.get(key) : solve(restricted, options);
    known?.set(key, left);
    return left === undefined ? null : spaceOf(restricted, left, options);
  });
  return space;
}

function solve(definition: SpaceDefinition, options: ConstructionOptions): Factored | undefined {
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

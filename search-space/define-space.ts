import type { Constraint, ConstraintExpression } from './constraint.ts';
import { factor } from './diagram/groups.ts';
import { namesIn } from './expression-parts.ts';
import { FactoredSpace } from './factored-space.ts';
import { InputError, unknownName } from './input-error.ts';
import type { Parameter } from './parameter.ts';
import { checkParameters } from './parameters.ts';
import { restrictionConstraints } from './restriction-constraints.ts';
import type { SearchSpace } from './search-space.ts';

/**
 * The space of all configurations that satisfy all constraints. Counts exactly and lists nothing.
 *
 * A constraint that cannot be evaluated for a configuration (division by zero, text compared with a
 * number) is broken by it. Throws InputError for parameters that are given twice or have no values,
 * unknown names, an empty space, and a space of more than 2^53 − 1 configurations.
 */
export function defineSpace(
  parameters: readonly Parameter[],
  constraints: readonly Constraint[],
): SearchSpace {
  checkParameters(parameters);
  checkNames(parameters, constraints);
  const space = build(parameters, constraints);
  if (space === null) throw new InputError('constraints', emptyReason(parameters, constraints));
  return space;
}

function build(parameters: readonly Parameter[], constraints: readonly Constraint[]): SearchSpace | null {
  const factored = factor(
    parameters,
    constraints.map(({ expression }) => expression),
  );
  if (factored === undefined) return null;
  return new FactoredSpace(parameters, constraints, factored, (restriction) =>
    build(parameters, [...constraints, ...restrictionConstraints(restriction, parameters)]),
  );
}

function checkNames(parameters: readonly Parameter[], constraints: readonly Constraint[]): void {
  const known = parameters.map(({ name }) => name);
  for (const { expression, sentence } of constraints) {
    const unknown = namesIn(expression).find((name) => !known.includes(name));
    if (unknown === undefined) continue;
    const { message } = unknownName('parameter', unknown, known);
    throw new InputError('constraints', `'${sentence}' names an ${message.slice('parameter: '.length)}`);
  }
}

/** A sentence on the first constraint that makes the space empty when they are added in order. */
function emptyReason(parameters: readonly Parameter[], constraints: readonly Constraint[]): string {
  const expressions: ConstraintExpression[] = constraints.map(({ expression }) => expression);
  const culprit = constraints.find((_, i) => factor(parameters, expressions.slice(0, i + 1)) === undefined);
  const alone = culprit === constraints[0] ? 'satisfies it' : 'satisfies it together with those before it';
  return `the space is empty: '${culprit?.sentence}' leaves nothing, no configuration ${alone}`;
}

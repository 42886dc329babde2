import { constraint, or, param, type Term } from './builder.ts';
import type { Constraint } from './constraint.ts';
import type { Parameter, Value } from './parameter.ts';
import { shown } from './parameters.ts';

/**
 * A parameter that means something only under a condition (tile: only when staging is not direct).
 * Elsewhere it is pinned, so that no configuration exists twice.
 */
export function activeWhen(
  parameter: Parameter,
  condition: Term,
  sentence: string = `${parameter.name} has no effect here and must stay ${shown(pinnedValue(parameter))}`,
): Constraint {
  return constraint(or(condition, param(parameter.name).eq(pinnedValue(parameter))), sentence);
}

/** What a parameter is pinned to where it has no effect: its off value, else its first. */
export function pinnedValue(parameter: Parameter): Value {
  return parameter.off ?? parameter.values[0];
}

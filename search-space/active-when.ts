import { constraint, or, param, type Term } from './builder.ts';
import type { Constraint } from './constraint.ts';
import type { Parameter, Value } from './parameter.ts';
import { shown } from './parameters.ts';

/**
 * A parameter that has an effect only under a condition (tile: only if staging is not direct). Otherwise it
 * is pinned to one value, so that no two configurations have the same effect.
 */
export function activeWhen(
  parameter: Parameter,
  condition: Term,
  sentence: string = `${parameter.name} has no effect here and must stay ${shown(pinnedValue(parameter))}`,
): Constraint {
  return constraint(or(condition, param(parameter.name).eq(pinnedValue(parameter))), sentence);
}

/** The value to which a parameter without effect is pinned: its off value, else its first. */
export function pinnedValue(parameter: Parameter): Value {
  return parameter.off ?? parameter.values[0];
}

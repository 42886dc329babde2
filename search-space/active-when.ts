import { constraint, not, or, param, type Term } from './builder.ts';
import type { Constraint } from './constraint.ts';
import type { Parameter, Value } from './parameter.ts';

/**
 * A parameter that means something only under a condition (tile: only when staging is not direct).
 * Elsewhere it is pinned to `pinned` (its off value, else its first value), so that no configuration
 * exists twice.
 */
export function activeWhen(
  parameter: Parameter,
  condition: Term,
  sentence: string = `${parameter.name} has no effect here and must stay ${String(pinnedValue(parameter))}`,
  pinned: Value = pinnedValue(parameter),
): Constraint {
  return constraint(or(condition, param(parameter.name).eq(pinned)), sentence);
}

/** The same under several parameters' values: active only while each has one of those listed. */
export function activeWith(
  parameter: Parameter,
  values: Readonly<Record<string, readonly Value[]>>,
): Constraint {
  const entries = Object.entries(values);
  const elsewhere = entries.map(([name, active]) => not(param(name).isIn(active)));
  const only = entries.map(([name, active]) => `${name} is ${active.map(String).join(' or ')}`).join(' and ');
  const pinned = pinnedValue(parameter);
  const stay = param(parameter.name).eq(pinned);
  const idle = elsewhere.reduce((a, b) => or(a, b));
  return constraint(idle.implies(stay), `${parameter.name} must be ${String(pinned)} unless ${only}`);
}

function pinnedValue(parameter: Parameter): Value {
  return parameter.off ?? parameter.values[0];
}

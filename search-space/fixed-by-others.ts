import { pinnedValue } from './active-when.ts';
import type { ConstraintExpression } from './constraint.ts';
import { compile } from './evaluate.ts';
import { namesIn } from './expression-parts.ts';
import type { Configuration, Parameter, Value } from './parameter.ts';
import { holds, pythonValueOf } from './python-arithmetic.ts';
import type { SpaceDefinition } from './space-definition.ts';

/** A parameter without a choice of its own, and the sentence of the constraint that fixes it. */
export type FixedByOthers = Readonly<{ name: string; sentence: string }>;

/**
 * The parameters of a configuration that have no effect next to its other values (a tile where staging is
 * direct): a constraint `condition or parameter == value` holds by its last part alone, and the value is the one
 * to which `activeWhen` pins a parameter. A limit such as `threads * tile <= 2048` fixes nothing in this sense,
 * even if it leaves one value only.
 */
export function fixedByOthers(
  { parameters, constraints }: SpaceDefinition,
  configuration: Configuration,
): readonly FixedByOthers[] {
  const clauses = constraints.flatMap(({ expression, sentence }) =>
    conjuncts(expression).map((clause) => ({ clause, sentence })),
  );
  return parameters.flatMap((parameter) => {
    const fixing = clauses.find(({ clause }) => fixes(clause, parameter, configuration));
    return fixing === undefined ? [] : [{ name: parameter.name, sentence: fixing.sentence }];
  });
}

function fixes(clause: ConstraintExpression, parameter: Parameter, configuration: Configuration): boolean {
  const pinned = pinnedValue(parameter);
  if (parameter.values.length === 1 || configuration[parameter.name] !== pinned) return false;
  const alternatives = disjuncts(clause);
  if (alternatives.length === 1) return false;
  const isPin = (part: ConstraintExpression): boolean =>
    conjuncts(part).some((each) => allowsOnly(each, parameter, pinned));
  return (
    alternatives.some(isPin) &&
    alternatives.every((part) => isPin(part) || isFalseAt(part, configuration, parameter.name))
  );
}

function conjuncts(expression: ConstraintExpression): readonly ConstraintExpression[] {
  return expression.kind === 'and' ? expression.operands.flatMap(conjuncts) : [expression];
}

function disjuncts(expression: ConstraintExpression): readonly ConstraintExpression[] {
  return expression.kind === 'or' ? expression.operands.flatMap(disjuncts) : [expression];
}

/** Whether a condition is about this parameter alone, and only this value of it satisfies it: `buffers <= 1`. */
function allowsOnly(part: ConstraintExpression, { name, values }: Parameter, value: Value): boolean {
  const names = namesIn(part);
  if (names.length !== 1 || names[0] !== name) return false;
  return values.every((other) => isTrueAt(part, { [name]: other }) === (other === value));
}

/** Whether a condition on other parameters does not hold. */
function isFalseAt(part: ConstraintExpression, configuration: Configuration, but: string): boolean {
  const names = namesIn(part);
  const isKnown = names.every((name) => name !== but && Object.hasOwn(configuration, name));
  return isKnown && !isTrueAt(part, configuration);
}

function isTrueAt(part: ConstraintExpression, configuration: Configuration): boolean {
  const names = namesIn(part);
  const test = compile(part, (inner) => (inner.kind === 'name' ? names.indexOf(inner.name) : undefined));
  return holds(test(names.map((name) => pythonValueOf(configuration[name]))));
}

import type { Constraint, ConstraintExpression } from './constraint.ts';
import { unknownName } from './input-error.ts';
import type { Parameter, Value } from './parameter.ts';
import { shown } from './parameters.ts';
import type { Restriction } from './restriction.ts';

/** A restriction as constraints, so that a smaller space is made and explained like any other. */
export function restrictionConstraints(
  { values, someNot = [] }: Restriction,
  parameters: readonly Parameter[],
): readonly Constraint[] {
  const held = Object.entries(values).map(([name, allowed]) => {
    checkKnown(name, parameters);
    return { expression: isOneOf(name, allowed), sentence: `${name} must be ${listed(allowed.map(shown))}` };
  });
  const forced = someNot.map((group) => {
    const entries = Object.entries(group);
    for (const [name] of entries) checkKnown(name, parameters);
    const sentence = `at least one must hold: ${entries.map(([name, value]) => `${name} is not ${shown(value)}`).join(', ')}`;
    return { expression: anyDiffers(entries), sentence };
  });
  return [...held, ...forced];
}

function checkKnown(name: string, parameters: readonly Parameter[]): void {
  const known = parameters.map((parameter) => parameter.name);
  if (!known.includes(name)) throw unknownName('parameter', name, known);
}

function isOneOf(name: string, allowed: readonly Value[]): ConstraintExpression {
  const items = allowed.map((value) => ({ kind: 'constant', value }) as const);
  return {
    kind: 'compare',
    first: { kind: 'name', name },
    rest: [{ op: 'in', operand: { kind: 'list', items } }],
  };
}

function anyDiffers(entries: readonly (readonly [string, Value])[]): ConstraintExpression {
  const operands = entries.map(([name, value]): ConstraintExpression => {
    const operand = { kind: 'constant', value } as const;
    return { kind: 'compare', first: { kind: 'name', name }, rest: [{ op: '!=', operand }] };
  });
  return operands.length === 0 ? { kind: 'constant', value: false } : { kind: 'or', operands };
}

function listed(words: readonly string[]): string {
  return words.length === 1 ? words[0] : `one of ${words.join(', ')}`;
}

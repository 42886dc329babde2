import type { Constraint, ConstraintExpression } from './constraint.ts';
import { unknownName } from './input-error.ts';
import type { Parameter, Value } from './parameter.ts';
import { shown } from './parameters.ts';
import type { Restriction } from './restriction.ts';
import { constraintParser } from './space-definition.ts';

const FORBIDDEN = 'forbidden: ';

/**
 * A restriction as constraints, so that the smaller space is built and explained like any other. Throws InputError for
 * an unknown parameter, a forbidden text that cannot be read, and forbidden texts that are too long together.
 */
export function restrictionConstraints(
  { values, someNot = [], forbidden = [] }: Restriction,
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
  const parse = constraintParser(
    'forbid',
    parameters.map(({ name }) => name),
  );
  return [...held, ...forced, ...forbidden.map((text) => unless(parse(text, text, 'forbid')))];
}

/** A configuration for which the text cannot be evaluated is excluded, too. */
function unless({ expression, sentence }: Constraint): Constraint {
  return {
    expression: { kind: 'unary', op: 'not', operand: expression },
    sentence: `${FORBIDDEN}${sentence}`,
  };
}

/**
 * The restriction that `restrictionConstraints` turned into constraints of a space, so that its study can be
 * requested again. Its constraints are recognized by expression and sentence; others are ignored.
 */
export function restrictionIn(
  constraints: readonly Constraint[],
  parameters: readonly Parameter[],
): Required<Restriction> {
  const values: Record<string, readonly Value[]> = {};
  const someNot: Readonly<Record<string, Value>>[] = [];
  const forbidden: string[] = [];
  const isMadeOf = (restriction: Restriction, { sentence }: Constraint): boolean =>
    restrictionConstraints(restriction, parameters)[0].sentence === sentence;
  for (const constraint of constraints) {
    const held = heldValues(constraint);
    const group = differences(constraint);
    if (held !== undefined && isMadeOf({ values: held }, constraint)) Object.assign(values, held);
    if (group !== undefined && isMadeOf({ values: {}, someNot: [group] }, constraint)) someNot.push(group);
    const { sentence, expression } = constraint;
    if (sentence.startsWith(FORBIDDEN) && expression.kind === 'unary' && expression.op === 'not')
      forbidden.push(sentence.slice(FORBIDDEN.length));
  }
  return { values, someNot, forbidden };
}

/** `name in [constants]` */
function heldValues({ expression }: Constraint): Restriction['values'] | undefined {
  if (expression.kind !== 'compare' || expression.first.kind !== 'name') return undefined;
  const [{ op, operand }] = expression.rest;
  if (op !== 'in' || operand.kind !== 'list') return undefined;
  const values = operand.items.flatMap((item) => (item.kind === 'constant' ? [item.value] : []));
  return values.length === operand.items.length ? { [expression.first.name]: values } : undefined;
}

/** `a != constant or b != constant` */
function differences({ expression }: Constraint): Readonly<Record<string, Value>> | undefined {
  if (expression.kind !== 'or') return undefined;
  const group: Record<string, Value> = {};
  for (const each of expression.operands) {
    if (each.kind !== 'compare' || each.first.kind !== 'name') return undefined;
    const [{ op, operand }] = each.rest;
    if (op !== '!=' || operand.kind !== 'constant') return undefined;
    group[each.first.name] = operand.value;
  }
  return group;
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

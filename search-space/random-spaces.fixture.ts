import fc from 'fast-check';
import type { CompareOperator, Constraint, ConstraintExpression } from './constraint.ts';
import { compile } from './evaluate.ts';
import type { Parameter, Value } from './parameter.ts';
import { holds, pythonValueOf } from './python-arithmetic.ts';

/** A small space that may be empty, for tests against a list of all its combinations. */
export type Draft = Readonly<{ parameters: readonly Parameter[]; constraints: readonly Constraint[] }>;

const numbers = fc.constantFrom(-3, -1, 0, 0.5, 1, 2, 3, 4, 6, 8, 16);
const counts = fc.constantFrom(1, 2, 3, 4, 6, 8, 16, 32);
const texts = fc.constantFrom('a', 'b', 'ab', 'direct');

function domain(): fc.Arbitrary<Pick<Parameter, 'kind' | 'values'>> {
  const upTo = { minLength: 1, maxLength: 4 };
  const ordinal = (values: fc.Arbitrary<number>) =>
    fc.uniqueArray(values, upTo).map((list) => ({ kind: 'ordinal', values: list }) as const);
  const mixed = fc.uniqueArray(fc.oneof<fc.Arbitrary<Value>[]>(texts, texts, numbers), upTo);
  return fc.oneof(
    { weight: 4, arbitrary: ordinal(counts) },
    { weight: 3, arbitrary: ordinal(numbers) },
    { weight: 2, arbitrary: mixed.map((values) => ({ kind: 'categorical', values }) as const) },
    { weight: 1, arbitrary: fc.constant({ kind: 'flag', values: [false, true] } as const) },
  );
}

/** Two to five parameters named a, b, … with zero to four constraints of every kind of expression. */
export const drafts: fc.Arbitrary<Draft> = fc
  .array(domain(), { minLength: 2, maxLength: 5 })
  .chain((domains) => {
    const parameters = domains.map((given, i) => ({ ...given, name: 'abcde'[i], tag: 'schedule' }) as const);
    const constraint = conditions(parameters.map(({ name }) => name));
    return fc.array(constraint, { maxLength: 4 }).map((expressions) => ({
      parameters,
      constraints: expressions.map((expression, i) => ({ expression, sentence: `rule ${i}` })),
    }));
  });

/** Conditions over the given names: comparisons, chains, membership, and, or, not. */
export function conditions(names: readonly string[]): fc.Arbitrary<ConstraintExpression> {
  const { condition } = fc.letrec<{ condition: ConstraintExpression; value: ConstraintExpression }>(
    (tie) => ({
      condition: fc.oneof(
        { maxDepth: 3, withCrossShrink: true },
        comparison(tie('value')),
        comparison(tie('value')),
        joined(tie('condition')),
        tie('condition').map((operand) => ({ kind: 'unary', op: 'not', operand }) as const),
      ),
      value: fc.oneof(
        { maxDepth: 2, withCrossShrink: true },
        fc.constantFrom(...names).map((name) => ({ kind: 'name', name }) as const),
        fc
          .oneof<fc.Arbitrary<Value>[]>(counts, numbers, texts)
          .map((value) => ({ kind: 'constant', value }) as const),
        fc.constantFrom(...names).map((name) => ({ kind: 'name', name }) as const),
        arithmetic(tie('value')),
        arithmetic(tie('value')),
        called(tie('value')),
        joined(tie('value')),
        tie('value').map((operand) => ({ kind: 'unary', op: '-', operand }) as const),
      ),
    }),
  );
  return condition;
}

function arithmetic(part: fc.Arbitrary<ConstraintExpression>): fc.Arbitrary<ConstraintExpression> {
  const op = fc.constantFrom('+', '-', '*', '*', '/', '//', '%', '**');
  return fc.record({ kind: fc.constant('binary'), op, left: part, right: part });
}

function called(part: fc.Arbitrary<ConstraintExpression>): fc.Arbitrary<ConstraintExpression> {
  const several = fc.array(part, { minLength: 2, maxLength: 3 });
  return fc.oneof(
    fc.record({ kind: fc.constant('call'), name: fc.constantFrom('min', 'max'), arguments: several }),
    part.map((only) => ({ kind: 'call', name: 'abs', arguments: [only] }) as const),
  );
}

function joined(part: fc.Arbitrary<ConstraintExpression>): fc.Arbitrary<ConstraintExpression> {
  return fc.record({
    kind: fc.constantFrom('and', 'or'),
    operands: fc.array(part, { minLength: 2, maxLength: 3 }),
  });
}

function comparison(part: fc.Arbitrary<ConstraintExpression>): fc.Arbitrary<ConstraintExpression> {
  const op = fc.constantFrom<CompareOperator[]>('<', '<=', '>', '>=', '==', '!=');
  const items = fc.array(part, { minLength: 1, maxLength: 3 });
  const list = items.map((given) => ({ kind: 'list', items: given }) as const);
  const member = fc.record({ op: fc.constantFrom<CompareOperator[]>('in', 'not in'), operand: list });
  const link = fc.record({ op, operand: part });
  return fc.record({
    kind: fc.constant('compare'),
    first: part,
    rest: fc.oneof(fc.tuple(link), fc.tuple(link), fc.tuple(link, link), fc.tuple(member)),
  });
}

/** Every combination that satisfies every constraint, found by trying all. */
export function bruteForce({ parameters, constraints }: Draft): readonly Readonly<Record<string, Value>>[] {
  const slotOf = (part: ConstraintExpression) => {
    const place = part.kind === 'name' ? parameters.findIndex(({ name }) => name === part.name) : -1;
    return place < 0 ? undefined : place;
  };
  const tests = constraints.map(({ expression }) => compile(expression, slotOf));
  const combinations = parameters.reduce<readonly (readonly Value[])[]>(
    (all, { values }) => all.flatMap((values_) => values.map((value) => [...values_, value])),
    [[]],
  );
  return combinations
    .filter((values) => tests.every((test) => holds(test(values.map(pythonValueOf)))))
    .map((values) => Object.fromEntries(parameters.map(({ name }, place) => [name, values[place]])));
}

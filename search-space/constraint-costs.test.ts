import fc from 'fast-check';
import { expect, it } from 'vitest';
import { combinationsOf, constraintCosts } from './constraint-costs.ts';
import { defineSpace } from './define-space.ts';
import { ordinal } from './parameters.ts';
import { parseConstraint } from './parse-constraint.ts';
import { bruteForce, drafts } from './random-spaces.fixture.ts';

it('counts what each constraint removes, as a list of all combinations does', () => {
  fc.assert(
    fc.property(drafts, ({ parameters, constraints }) => {
      const count = (some: typeof constraints) =>
        BigInt(bruteForce({ parameters, constraints: some }).length);
      const size = count(constraints);
      if (size === 0n) return;
      const space = defineSpace(parameters, constraints);
      const all = count([]);
      expect(combinationsOf(space)).toBe(all);
      const expected = constraints.map((constraint) => {
        const rest = count(constraints.filter((other) => other !== constraint));
        return {
          sentence: constraint.sentence,
          alone: { count: all - count([constraint]), of: all },
          ofTheRest: { count: rest - size, of: rest },
        };
      });
      expect([...constraintCosts(space)]).toEqual(expected);
    }),
    { numRuns: 300, seed: 4 },
  );
});

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1);
const parse = (text: string, names: readonly string[]) => parseConstraint(text, text, names, 'constraints');

it('is exact beyond 2^53', () => {
  const names = upTo(8).map((i) => `p${i}`);
  const parameters = names.map((name) => ordinal(name, upTo(1000)));
  const only = names.map((name) => parse(`${name} == 7`, names));
  const [first] = constraintCosts(defineSpace(parameters, only));
  expect(first.alone).toEqual({ count: 10n ** 24n - 10n ** 21n, of: 10n ** 24n });
  expect(first.ofTheRest).toEqual({ count: 999n, of: 1000n });
});

it('gives up a count that takes too much work, and no other', () => {
  const names = ['a', 'b', 'c', 'd', 'e'];
  const parameters = names.map((name) => ordinal(name, upTo(300)));
  const texts = ['a * b == c * d', 'a < 3', 'b < 3', 'e < 3'];
  const space = defineSpace(
    parameters,
    texts.map((text) => parse(text, names)),
  );
  const costs = [...constraintCosts(space, { mostSteps: 100_000 })];
  expect(costs[0].alone).toBeNull();
  expect([...constraintCosts(space)].at(-1)).toEqual({
    sentence: 'e < 3',
    alone: { count: (300n ** 5n * 298n) / 300n, of: 300n ** 5n },
    ofTheRest: { count: BigInt(space.size) * 149n, of: BigInt(space.size) * 150n },
  });
});

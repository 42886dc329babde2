import { describe, expect, it } from 'vitest';
import type { Parameter } from '../../search-space/parameter.ts';
import type { Prior } from '../strategies/_base.ts';
import { expectationsOf } from './expectations.ts';

const parametersOf = (places: number, count: number): readonly Parameter[] =>
  Array.from({ length: places }, (_, place) => ({
    name: `p${place}`,
    kind: 'ordinal',
    tag: 'schedule',
    values: Array.from({ length: count }, (_, value) => value),
  }));

/** Expects of a member what its digits spell, and counts the members that it is asked about. */
function counting(): Readonly<{ prior: Prior; asked: () => number }> {
  let asked = 0;
  const predict: Prior['predict'] = (members) => {
    asked += members.length;
    return members.map((digits) => ({ meanLog: Number([...digits].join('')), sdLog: 1 }));
  };
  return { prior: { version: 'test', predict }, asked: () => asked };
}

describe('the expectations of a prior', () => {
  it('are asked for once', () => {
    const { prior, asked } = counting();
    const expected = expectationsOf(prior, parametersOf(2, 10));
    const members = [Int32Array.of(1, 2), Int32Array.of(2, 1), Int32Array.of(0, 0)];
    expect([...expected(members)]).toEqual([12, 21, 0]);
    expect([...expected([...members, Int32Array.of(9, 9)])]).toEqual([12, 21, 0, 99]);
    expect(asked()).toBe(4);
  });

  it('are those of the member, whoever has its place', () => {
    const { prior } = counting();
    const expected = expectationsOf(prior, parametersOf(6, 10));
    const number = 131_071;
    const [a, b] = [Int32Array.of(0, 0, 0, 0, 0, 7), Int32Array.from([...String(number + 7)], Number)];
    for (const members of [[a, b], [b, a], [a], [b]]) {
      expect([...expected(members)]).toEqual(members.map((digits) => Number([...digits].join(''))));
    }
  });

  it('are right where a number cannot tell all members apart', () => {
    const { prior } = counting();
    const expected = expectationsOf(prior, parametersOf(60, 2));
    const members = [0, 1].map((last) =>
      Int32Array.from({ length: 60 }, (_, place) => (place === 59 ? last : 0)),
    );
    expect([...expected(members), ...expected(members)]).toEqual([0, 1, 0, 1]);
  });
});

import { describe, expect, it } from 'vitest';
import { defineSpace } from './define-space.ts';
import { InputError } from './input-error.ts';
import { parseConstraint } from './parse-constraint.ts';
import { readSpaceFile } from './space-file.ts';

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i + 1);
const named = (count: number, values: unknown) =>
  Array.from({ length: count }, (_, i) => ({ name: `p${i}`, values }));
const own = (parameters: unknown, constraints: readonly unknown[] = []) => ({ parameters, constraints });
const t1 = (parameters: readonly object[], conditions: readonly string[] = []) => ({
  ConfigurationSpace: {
    TuningParameters: parameters,
    Conditions: conditions.map((Expression) => ({ Expression })),
  },
});
const int = (name: string, values: string) => ({ Name: name, Type: 'int', Values: values });
const ints = (count: number) => Array.from({ length: count }, (_, i) => int(`p${i}`, '[1, 2]'));
const long = `p0 == 1${' '.repeat(10_000)}`;

describe('what a space is read with', () => {
  it('has a limit on all that is forbidden in it', () => {
    const space = defineSpace([{ name: 'p0', kind: 'ordinal', tag: 'schedule', values: [1, 2] }], []);
    const forbidden = Array.from({ length: 21 }, () => long.slice(0, 10_000));
    expect(() => space.restrict({ values: {}, forbidden })).toThrow(
      'forbid: has 210,000 characters in all; at most 200,000 are read',
    );
    expect(space.restrict({ values: {}, forbidden: forbidden.slice(0, 20) })?.size).toBe(1);
  });

  it.each<[string, object, string]>([
    ['parameters', own(named(1001, [1])), 'parameters: has 1,001 parameters; at most 1,000 are read'],
    [
      'parameters of a benchmark',
      { params: named(1001, [1]) },
      'params: has 1,001 parameters; at most 1,000',
    ],
    [
      'parameters of T1',
      t1(ints(1001)),
      'ConfigurationSpace.TuningParameters: has 1,001 parameters; at most',
    ],
    ['values', own(named(1, upTo(100_001))), 'parameters[0].values: has 100,001 values; at most 100,000'],
    ['values of T1', t1([int('a', `[${upTo(100_001).join()}]`)]), 'TuningParameters[0].Values: column'],
    ['values of a range', own(named(1, 'range(100001)')), 'parameters[0].values: column 14 of'],
    ['values in all', own(named(11, 'range(100000)')), 'has 1,100,000 values in all; at most 1,000,000'],
    ['constraints', own(named(1, [1]), Array(2001).fill('p0 > 0')), 'has 2,001 constraints; at most 2,000'],
    [
      'conditions',
      t1(ints(1), Array(2001).fill('p0 > 0')),
      'Conditions: has 2,001 conditions; at most 2,000',
    ],
    [
      'a constraint',
      own(named(1, [1]), [long]),
      'constraints[0]: has 10,007 characters; at most 10,000 are read',
    ],
    [
      'constraints together',
      own(named(1, [1]), Array(21).fill(long.slice(0, 10_000))),
      'constraints: has 210,000 characters in all; at most 200,000',
    ],
    [
      'a sentence',
      own(named(1, [1]), [{ text: 'p0 > 0', sentence: 'x'.repeat(10_001) }]),
      'has 10,001 characters in its sentence; at most 10,000',
    ],
    [
      'a sum',
      own(named(1, [1]), [`${'p0 + '.repeat(500)}1 > 0`]),
      'more than 500 operands in a row (split it)',
    ],
    ['an or', own(named(1, [1]), [`${'p0 or '.repeat(500)}1`]), 'more than 500 operands in a row'],
    ['a chain', own(named(1, [1]), [`${'0 < '.repeat(500)}p0`]), 'more than 500 operands in a row'],
    ['a min', own(named(1, [1]), [`min(${'p0, '.repeat(500)}1) > 0`]), 'more than 500 operands in a row'],
    ['a max of a list', own(named(1, [1]), [`max([${'p0, '.repeat(500)}1]) > 0`]), 'more than 500 operands'],
    ['nesting', own(named(1, [1]), [`${'('.repeat(101)}p0${')'.repeat(101)}`]), 'nested more than 100 deep'],
    ['a name', own([{ name: 'n'.repeat(201), values: [1] }]), 'has 201 characters in a name; at most 200'],
    ['a text', own(named(1, ['t'.repeat(10_001)])), 'has 10,001 characters in a value; at most 10,000'],
    ['a list as text', own(named(1, ' '.repeat(2_000_001))), 'has 2,000,001 characters; at most 2,000,000'],
    [
      'texts that are made',
      own(named(1, "['x' * 9999 + 'y' for i in range(1000)]")),
      'makes too long texts (list fewer values, or write them down)',
    ],
    [
      'work that values make',
      own(named(1, `[${'i + '.repeat(400)}i for i in range(100000)]`)),
      'takes too much to work out (list fewer values, or write them down)',
    ],
  ])('has a limit: %s', (_, file, message) => {
    const read = () => readSpaceFile(file);
    expect(read).toThrow(InputError);
    expect(read).toThrow(message);
  });

  it('is limited where a space is made in code, too', () => {
    const constraint = parseConstraint('a > 0');
    const a = { name: 'a', kind: 'ordinal', tag: 'schedule', values: [1] } as const;
    expect(() => defineSpace([a], Array(2001).fill(constraint))).toThrow(
      'constraints: has 2,001 constraints; at most 2,000 are read',
    );
    expect(() => defineSpace([{ ...a, values: upTo(100_001) }], [])).toThrow(
      "parameter 'a': has 100,001 values; at most 100,000 are read",
    );
  });
});

describe('100,000 values', () => {
  const values = upTo(100_000);
  it.each<[string, object]>([
    ['in a list', own([{ name: 'a', values }])],
    ['as text', own([{ name: 'a', values: 'range(1, 100001)' }])],
    ['joined as text', own([{ name: 'a', values: '[1] + list(range(2, 100001))' }])],
    ['in a benchmark', { params: [{ name: 'a', values }] }],
    ['in T1', t1([int('a', JSON.stringify(values))])],
  ])('are read %s, each with its index', (_, file) => {
    const { parameters, constraints } = readSpaceFile(file);
    const space = defineSpace(parameters, constraints);
    expect(space.size).toBe(100_000);
    for (const index of [0, 4711, 99_999]) {
      expect(space.at(index)).toEqual({ a: index + 1 });
      expect(space.indexOf({ a: index + 1 })).toBe(index);
    }
  });

  it('are narrowed by a constraint, and restricted to any of them', () => {
    const { parameters, constraints } = readSpaceFile(own([{ name: 'a', values }], ['a % 2 == 0']));
    const space = defineSpace(parameters, constraints);
    expect(space.size).toBe(50_000);
    expect(space.restrict({ values: { a: values.slice(0, 99_000) } })?.size).toBe(49_500);
  });

  it('are not all told where one is wrong', () => {
    const named = own([{ name: 'a', values, tag: 'mt', off: 0 }]);
    expect(() => readSpaceFile(named)).toThrow(/^.{1,200}$/);
  });
});

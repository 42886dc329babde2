import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defineSpace } from './define-space.ts';
import { InputError } from './input-error.ts';
import type { Value } from './parameter.ts';
import { categorical, flag, ordinal } from './parameters.ts';
import { parseConstraint } from './parse-constraint.ts';
import { bruteForce, type Draft, drafts } from './random-spaces.fixture.ts';
import { forceOn, permitOnly } from './restriction.ts';
import { tableSpace } from './table-space.ts';

const effort = { numRuns: 600, seed: 1 };

/** The space of a draft with all its configurations; undefined if it is empty. */
function listed({ parameters, constraints }: Draft) {
  const expected = bruteForce({ parameters, constraints });
  if (expected.length === 0) {
    expect(() => defineSpace(parameters, constraints)).toThrow(
      /the space is empty: 'rule \d' leaves nothing/,
    );
    return undefined;
  }
  const space = defineSpace(parameters, constraints);
  return { space, expected, all: Array.from({ length: space.size }, (_, index) => space.at(index)) };
}

const sorted = (all: readonly Readonly<Record<string, Value>>[]) =>
  all.map((one) => JSON.stringify(one)).sort();

describe('a space, against the list of all combinations', () => {
  it('has exactly the configurations that satisfy every constraint', () => {
    fc.assert(
      fc.property(drafts, (draft) => {
        const found = listed(draft);
        if (found === undefined) return;
        expect(found.space.size).toBe(found.expected.length);
        expect(sorted(found.all)).toEqual(sorted(found.expected));
      }),
      effort,
    );
  });

  it('maps indices, digits and configurations to each other', () => {
    fc.assert(
      fc.property(drafts, (draft) => {
        const found = listed(draft);
        found?.all.forEach((configuration, index) => {
          const digits = found.space.digitsAt(index);
          expect(found.space.indexOf(configuration)).toBe(index);
          expect(found.space.indexOfDigits(digits)).toBe(index);
          expect(found.space.configurationOf(digits)).toEqual(configuration);
        });
      }),
      { numRuns: 300, seed: 2 },
    );
  });

  it('has no configuration that breaks a constraint', () => {
    fc.assert(
      fc.property(drafts, (draft) => {
        const found = listed(draft);
        if (found === undefined) return;
        const members = new Set(sorted(found.expected));
        for (const combination of bruteForce({ parameters: draft.parameters, constraints: [] })) {
          expect(found.space.has(combination)).toBe(members.has(JSON.stringify(combination)));
        }
      }),
      { numRuns: 300, seed: 2 },
    );
  });

  it('says which digits members have beside decided ones, as a table of them does', () => {
    fc.assert(
      fc.property(drafts, fc.nat(), fc.array(fc.boolean(), { minLength: 5 }), (draft, number, isOpen) => {
        const found = listed(draft);
        if (found === undefined) return;
        const { space, all } = found;
        const members = all.map((_, index) => space.digitsAt(index));
        const decided = members[number % all.length].map((digit, place) => (isOpen[place] ? -1 : digit));
        const like = members.filter((one) => decided.every((digit, i) => digit < 0 || digit === one[i]));
        const table = tableSpace(draft.parameters, all.map(Object.values));
        draft.parameters.forEach(({ values }, place) => {
          const left = [...values.keys()].filter((digit) => like.some((one) => one[place] === digit));
          expect(space.digitsLeft(place, decided)).toEqual(left);
          expect(table.digitsLeft(place, decided)).toEqual(left);
        });
      }),
      { numRuns: 300, seed: 4 },
    );
  });

  it('restricts to the members that a filter keeps', () => {
    const choice = fc.array(fc.nat(), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(drafts, fc.dictionary(fc.constantFrom('a', 'b'), choice), fc.nat(), (draft, picks, off) => {
        const found = listed(draft);
        if (found === undefined) return;
        const [a, b] = draft.parameters;
        const some = { a: a.values[off % a.values.length], b: b.values[off % b.values.length] };
        const values = Object.fromEntries(
          Object.entries(picks).map(([name, places]) => {
            const given = name === 'a' ? a.values : b.values;
            return [name, places.map((place) => given[place % given.length])];
          }),
        );
        const kept = found.expected.filter(
          (one) =>
            Object.entries(values).every(([name, allowed]) => allowed.includes(one[name])) &&
            (one.a !== some.a || one.b !== some.b),
        );
        const smaller = found.space.restrict({ values, someNot: [some] });
        const members = Array.from({ length: smaller?.size ?? 0 }, (_, index) => smaller!.at(index));
        expect(sorted(members)).toEqual(sorted(kept));
      }),
      { numRuns: 500, seed: 3 },
    );
  });
});

describe('defineSpace', () => {
  it('keeps the meaning of digits when it is restricted, and forces a mechanism on', () => {
    const parameters = [
      ordinal('width', [0, 128, 256], { tag: 'vec', off: 0 }),
      ordinal('threads', [1, 2, 4], { tag: 'mt', off: 1 }),
    ];
    const space = defineSpace(parameters, []);
    const scalar = space.restrict(permitOnly(parameters, new Set(['mt'])));
    expect(scalar?.size).toBe(3);
    expect(scalar?.indexOfDigits(Int32Array.of(0, 2))).toBe(2);
    expect(scalar?.indexOfDigits(Int32Array.of(1, 2))).toBe(-1);
    const vector = space.restrict(forceOn(parameters, 'vec'));
    expect(vector?.size).toBe(6);
    expect(scalar?.restrict(forceOn(parameters, 'vec'))).toBeNull();
    expect(space.restrict(forceOn(parameters, 'db'))).toBeNull();
  });

  it('counts a space that is too large to list', () => {
    const parameters = Array.from({ length: 40 }, (_, i) => ordinal(`p${i}`, [1, 2]));
    const space = defineSpace(parameters, [parseConstraint('p0 * p1 * p2 <= 4')]);
    expect(space.size).toBe(7 * 2 ** 37);
    expect(space.indexOf(space.at(space.size - 1))).toBe(space.size - 1);
  });

  it('joins text as Python does, also after or', () => {
    const parameters = [
      categorical('a', ['n', 't']),
      categorical('b', ['n', 't']),
      ordinal('m', [1, 2, 4, 8]),
      ordinal('k', [0, 1, 2]),
    ];
    const sizeOf = (text: string) => defineSpace(parameters, [parseConstraint(text)]).size;
    expect(sizeOf("m < 4 or a + b == 'nt'")).toBe(30);
    expect(sizeOf("a + b == 'nt' or m < 4")).toBe(30);
    expect(sizeOf("a + b in ['nn', 'tt'] and m > 1")).toBe(18);
    expect(sizeOf("not (a + b == 'nt')")).toBe(36);
    expect(sizeOf("a + '-' + b != 'n-t'")).toBe(36);
    expect(sizeOf("a * k == 'tt' or a * k == ''")).toBe(24);
    expect(sizeOf('a * k')).toBe(32);
    expect(sizeOf('m > 4 or a + m == 3')).toBe(12);
  });

  it('does not couple parameters by a constraint that always holds', () => {
    const wide = (name: string) =>
      ordinal(
        name,
        Array.from({ length: 5000 }, (_, i) => i + 1),
      );
    const space = defineSpace(
      [wide('a'), wide('b'), wide('c')],
      [parseConstraint('a * b + c >= 2 and a // b >= 0')],
    );
    expect(space.size).toBe(5000 ** 3);
  });

  it('refuses a space that is too large to count exactly', () => {
    const parameters = Array.from({ length: 54 }, (_, i) => ordinal(`p${i}`, [1, 2]));
    expect(() => defineSpace(parameters, [])).toThrow(/more than 2\^53/);
  });

  it('refuses parameters given twice, without values, or with a value twice', () => {
    expect(() => defineSpace([flag('x'), flag('x')], [])).toThrow("'x' is given twice");
    expect(() => defineSpace([], [])).toThrow(InputError);
    expect(() => ordinal('x', [])).toThrow('has no values');
    expect(() => ordinal('x', [1, 1])).toThrow('has the value 1 twice');
    expect(() => ordinal('x', [1, 2], { off: 3 })).toThrow('its off value 3 is not one of 1, 2');
  });

  it('refuses a constraint that names an unknown parameter, with the nearest name', () => {
    const make = () => defineSpace([ordinal('threads', [1, 2])], [parseConstraint('thread > 1')]);
    expect(make).toThrow(
      "constraints: 'thread > 1' names an unknown parameter 'thread' (did you mean 'threads'?)",
    );
  });

  it('names the constraint that makes the space empty', () => {
    const make = () =>
      defineSpace([ordinal('a', [1, 2])], [parseConstraint('a > 1'), parseConstraint('a < 2', 'a is small')]);
    expect(make).toThrow("'a is small' leaves nothing");
  });

  it('has a hash of its parameters and constraints, not of their sentences', () => {
    const make = (off: 1 | 2, sentence: string) =>
      defineSpace([ordinal('a', [1, 2], { tag: 'mt', off })], [parseConstraint('a >= 1', sentence)]);
    expect(make(1, 'x').hash).toMatch(/^[0-9a-f]{16}$/);
    expect(make(1, 'x').hash).toBe(make(1, 'y').hash);
    expect(make(1, 'x').hash).not.toBe(make(2, 'x').hash);
    expect(make(1, 'x').restrict({ values: { a: [1] } })?.hash).not.toBe(make(1, 'x').hash);
  });

  it('throws RangeError outside its indices, and has no configuration with keys missing or extra', () => {
    const space = defineSpace([categorical('mode', ['x', 'y'])], []);
    expect(() => space.at(2)).toThrow(RangeError);
    expect(() => space.at(-1)).toThrow(RangeError);
    expect(() => space.at(0.5)).toThrow(RangeError);
    expect(space.indexOf({})).toBe(-1);
    expect(space.indexOf({ mode: 'x', more: 1 })).toBe(-1);
    expect(space.indexOf({ mode: 'z' })).toBe(-1);
  });
});

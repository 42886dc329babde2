import { describe, expect, it } from 'vitest';
import type { ConstructionProgress } from './construction.ts';
import {
  defineSpace,
  membersLeft,
  membersOf,
  restrictedDefinition,
  spaceOf as spaceOfMembers,
} from './define-space.ts';
import { InputError } from './input-error.ts';
import { readSpaceFile } from './space-file.ts';

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i + 1);
const parametersOf = (count: number, values: readonly unknown[]) =>
  Array.from({ length: count }, (_, i) => ({ name: `p${i}`, values }));
const joined = (count: number, sign: string) => Array.from({ length: count }, (_, i) => `p${i}`).join(sign);

function spaceOf(
  parameters: readonly object[],
  constraints: readonly string[],
  options?: Parameters<typeof defineSpace>[2],
) {
  const read = readSpaceFile({ parameters, constraints });
  return defineSpace(read.parameters, read.constraints, options);
}

/** How often each outcome occurs when independent choices are combined one after the other. */
function tally(
  count: number,
  values: readonly number[],
  start: number,
  combine: (a: number, b: number) => number,
): ReadonlyMap<number, number> {
  let ways = new Map([[start, 1]]);
  for (let i = 0; i < count; i++) {
    const next = new Map<number, number>();
    for (const [known, number] of ways) {
      for (const value of values) {
        const outcome = combine(known, value);
        next.set(outcome, (next.get(outcome) ?? 0) + number);
      }
    }
    ways = next;
  }
  return ways;
}

const sum = (a: number, b: number) => a + b;
const total = (ways: ReadonlyMap<number, number>, counts: (outcome: number) => boolean) =>
  [...ways].reduce((all, [outcome, number]) => (counts(outcome) ? all + number : all), 0);

/** What is told of a construction of p0, p1 and p2: steps that rise, and parameters that are decided. */
function expectToRise(seen: readonly ConstructionProgress[]): void {
  expect(seen.length).toBeGreaterThan(10);
  for (const [i, { steps, mostSteps, decided, parameters }] of seen.entries()) {
    expect(steps).toBeGreaterThan(seen[i - 1]?.steps ?? 0);
    expect(decided).toBeGreaterThanOrEqual(seen[i - 1]?.decided ?? 0);
    expect(mostSteps).toBe(200_000_000);
    expect([...parameters].sort()).toEqual(['p0', 'p1', 'p2']);
  }
  expect(seen.at(-1)?.state).toBe('deciding');
}

describe('spaces that are large to list and quick to count', () => {
  it('a sum of 32 parameters', () => {
    const space = spaceOf(parametersOf(32, upTo(8)), [`${joined(32, ' + ')} == 45`]);
    expect(space.size).toBe(tally(32, upTo(8), 0, sum).get(45));
    const { length } = Object.values(space.at(space.size - 1));
    expect(length).toBe(32);
  });

  it('the remainder of a product of three parameters of 1,000 values, with its progress', () => {
    const seen: ConstructionProgress[] = [];
    const space = spaceOf(parametersOf(3, upTo(1000)), ['p0 * p1 * p2 % 1009 == 1'], {
      onProgress: (progress) => seen.push(progress),
    });
    expectToRise(seen);
    expect(space.size).toBe(tally(3, upTo(1000), 1, (a, b) => (a * b) % 1009).get(1));
  });

  it('a product and a sum of 40 parameters of 32 values', () => {
    const small = tally(40, upTo(32), 1, (a, b) => Math.min(a * b, 1001));
    expect(spaceOf(parametersOf(40, upTo(32)), [`${joined(40, ' * ')} <= 1000`]).size).toBe(
      total(small, (product) => product <= 1000),
    );
    const from0 = upTo(32).map((value) => value - 1);
    const few = tally(40, from0, 0, (a, b) => Math.min(a + b, 13));
    expect(spaceOf(parametersOf(40, from0), [`${joined(40, ' + ')} <= 12`]).size).toBe(
      total(few, (outcome) => outcome <= 12),
    );
  });

  it('neighbours that divide each other, or differ by little, in a row of 40', () => {
    const divides = (a: number, b: number) => a % b === 0;
    const near = (a: number, b: number) => Math.abs(a - b) <= 1;
    const rows: readonly [string, typeof near][] = [
      ['p{i} % p{j} == 0', divides],
      ['abs(p{i} - p{j}) <= 1', near],
    ];
    for (const [text, fits] of rows) {
      const constraints = upTo(19).map((j) => text.replace('{i}', `${j - 1}`).replace('{j}', `${j}`));
      let ends = new Map(upTo(32).map((value) => [value, 1]));
      for (let i = 1; i < 20; i++) {
        ends = new Map(
          upTo(32).map((value) => [
            value,
            [...ends].reduce((all, [before, ways]) => (fits(before, value) ? all + ways : all), 0),
          ]),
        );
      }
      expect(spaceOf(parametersOf(20, upTo(32)), constraints).size).toBe(total(ends, () => true));
    }
  });

  it('the tiles of a matrix product in a scratchpad, with text and truth among the values', () => {
    const powers = upTo(8).map((exponent) => 2 ** exponent);
    const parameters = [
      ...['m', 'n', 'k'].map((name) => ({ name, values: powers })),
      { name: 'stages', values: [1, 2, 3] },
      { name: 'type', values: ['f16', 'f32'] },
      { name: 'pad', values: [false, true] },
    ];
    const space = spaceOf(parameters, [
      "(m * k + k * n) * stages * 4 <= 65536 or type == 'f16' and (m * k + k * n) * stages <= 32768",
      'm * n % 16 == 0 and max(m, n) <= 8 * min(m, n)',
      'not pad or k in [8, 16, 32]',
    ]);
    let count = 0;
    for (const m of powers)
      for (const n of powers)
        for (const k of powers)
          for (const stages of [1, 2, 3])
            for (const type of ['f16', 'f32'])
              for (const pad of [false, true]) {
                const held = (m * k + k * n) * stages;
                const fits = held * 4 <= 65536 || (type === 'f16' && held <= 32768);
                const shape = (m * n) % 16 === 0 && Math.max(m, n) <= 8 * Math.min(m, n);
                if (fits && shape && (!pad || [8, 16, 32].includes(k))) count++;
              }
    expect(space.size).toBe(count);
  });

  it('large levels, in which one state stands for many', () => {
    const space = spaceOf(
      [...parametersOf(3, upTo(64)), { name: 'q', values: [1, 3, 5, 7] }],
      ['(p0 * p1 + 7 * p2) * q % 11 == 3 or p0 * p1 * p2 * q <= 500'],
    );
    let count = 0;
    for (let a = 1; a <= 64; a++)
      for (let b = 1; b <= 64; b++)
        for (let c = 1; c <= 64; c++)
          for (const q of [1, 3, 5, 7]) {
            const isMember = ((a * b + 7 * c) * q) % 11 === 3 || a * b * c * q <= 500;
            if (isMember) count++;
            if (c === 17 && b % 9 === 0) expect(space.has({ p0: a, p1: b, p2: c, q })).toBe(isMember);
          }
    expect(space.size).toBe(count);
  });
});

const parameters = parametersOf(6, upTo(64));
const constraints = ['p0 * p1 + p2 * p3 + p4 * p5 == 4096', 'p0 < p1'];
const hard = (options: Parameters<typeof defineSpace>[2]) => spaceOf(parameters, constraints, options);
const message = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  return 'nothing was refused';
};

describe('a space that takes more than it may', () => {
  it('is refused with what was too hard, how far it came, and what helps', () => {
    expect(message(() => hard({ mostSteps: 200_000 }))).toMatch(
      /^constraints: too hard to count: 'p0 \* p1 \+ p2 \* p3 \+ p4 \* p5 == 4096' on p\d, p\d, p\d and 3 more took more than 200,000 steps, and [1-5] of 6 were decided \(give these parameters fewer values, .*docs\/spaces\.md says what is fast\)$/,
    );
    expect(message(() => hard({ mostBytes: 2 ** 20 }))).toContain('took more than 1 MiB, and ');
    expect(message(() => hard({ mostSteps: 100 }))).toContain(
      "too hard to count: 'p0 * p1 + p2 * p3 + p4 * p5 == 4096', 'p0 < p1' on ",
    );
  });

  it('is refused by its work, so at the same place every time', () => {
    const stages = () => {
      const seen: string[] = [];
      const refusal = message(() =>
        hard({ mostSteps: 700_000, onProgress: (progress) => seen.push(JSON.stringify(progress)) }),
      );
      return [...seen, refusal];
    };
    expect(stages()).toEqual(stages());
  });

  it('takes no longer for a step with a huge exponent, or to find a huge number again', () => {
    const towers = () =>
      spaceOf(parametersOf(4, upTo(1024)), ['p0 ** p1 ** p2 ** p3 % 7 == 3'], { mostSteps: 12_000_000 });
    expect(towers).toThrow('took more than 12,000,000 steps');
  });

  it('is refused also where it is only restricted, and says so where it is empty', () => {
    const space = spaceOf(parametersOf(4, upTo(16)), ['p0 * p1 == p2 * p3'], { mostSteps: 30_000 });
    const someNot = upTo(60).map((n) => ({ p0: 1 + (n % 16), p1: 1 + (n % 5), p2: 1 + (n % 7), p3: 1 }));
    expect(() => space.restrict({ values: {}, someNot })).toThrow('too hard to count: ');
    expect(space.restrict({ values: {} })).toBe(space);
    const empty = ['p0 + p1 == 40', 'p2 + p3 == 1'];
    expect(message(() => spaceOf(parametersOf(4, upTo(16)), empty))).toContain(
      "'p0 + p1 == 40' leaves nothing",
    );
  });
});

describe('members that were worked out elsewhere', () => {
  it('make the same space, and the same restrictions', () => {
    const read = readSpaceFile({
      parameters: parametersOf(4, upTo(16)),
      constraints: ['p0 * p1 == p2 * p3'],
    });
    const restriction = { values: { p0: [2, 3] }, someNot: [{ p1: 1 }] };
    const nothing = { values: { p0: [13], p2: [11], p3: [11] } };
    const whole = defineSpace(read.parameters, read.constraints);
    const fewer = restrictedDefinition(whole, restriction);
    // As from another thread.
    const sent = structuredClone([membersOf(read), membersOf(fewer)]);
    for (const [one, other] of [
      [whole, spaceOfMembers(read, sent[0])],
      [whole.restrict(restriction), spaceOfMembers(fewer, sent[1])],
    ] as const) {
      expect([other.size, other.hash]).toEqual([one?.size, one?.hash]);
      for (let i = 0; i < other.size; i++) expect(other.at(i)).toEqual(one?.at(i));
    }
    expect(membersLeft(restrictedDefinition(whole, nothing))).toBeUndefined();
    expect(whole.restrict(nothing)).toBeNull();
  });

  it('are restricted within limits of their own where some are given', () => {
    const read = readSpaceFile({ parameters: parametersOf(4, upTo(16)), constraints: [] });
    const forbidden = { values: {}, forbidden: ['p0 * p1 == p2 * p3'] };
    const space = spaceOfMembers(read, membersOf(read));
    expect(() => space.restrict(forbidden, { mostSteps: 1000 })).toThrow('too hard to count');
    expect(space.restrict(forbidden)?.size).toBeLessThan(space.size);
  });
});

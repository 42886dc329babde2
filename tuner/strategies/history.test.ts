import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tableSpace } from '../../search-space/table-space.ts';
import { History } from './history.ts';

const values = [0, 1, 2, 3, 4];
const space = tableSpace(
  [{ name: 'n', kind: 'ordinal', tag: 'schedule', values }],
  values.map((n) => [n]),
);

describe('a ranking', () => {
  it('is a stable order of the times, for any number of new trials since its last use', () => {
    const step = fc.record({ timeUs: fc.integer({ min: 1, max: 9 }), isAsked: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const history = new History(space);
        const added = steps.map(({ timeUs, isAsked }) => {
          const trial = history.add({ index: timeUs % 5, state: 'timed', timeUs });
          if (isAsked) void history.ranked;
          return trial;
        });
        expect(history.ranked).toEqual([...added].sort((a, b) => a.logTime - b.logTime));
      }),
    );
  });
});

describe('History', () => {
  const history = new History(space);
  const sinceBest: number[] = [];
  for (const [index, timeUs] of [
    [0, 5],
    [1, 9],
    [2, undefined],
    [3, 3],
    [4, 3],
  ] as const) {
    history.add(
      timeUs === undefined
        ? { index, state: 'invalid', reason: 'runtime' }
        : { index, state: 'timed', timeUs },
    );
    sinceBest.push(history.sinceBest);
  }

  it('ranks timed trials; at equal times the earlier comes first', () => {
    expect(history.ranked.map(({ index }) => index)).toEqual([3, 4, 0, 1]);
  });

  it('counts the trials since the fastest was found', () => {
    expect(sinceBest).toEqual([0, 1, 2, 0, 1]);
  });

  it('counts them at an earlier length too', () => {
    expect([1, 2, 3, 4, 5].map((length) => history.sinceBestAt(length))).toEqual(sinceBest);
    expect(history.sinceBestAt(0)).toBe(0);
  });

  it('knows observed configurations, also repeated ones', () => {
    history.add({ index: 0, state: 'timed', timeUs: 4 });
    expect([history.length, history.distinct, history.has(0)]).toEqual([6, 5, true]);
  });
});

import { describe, expect, it } from 'vitest';
import type { Parameter } from '../../search-space/parameter.ts';
import { randomFor } from '../../search-space/random.ts';
import { tableSpace } from '../../search-space/table-space.ts';
import { importanceOf } from './importance.ts';
import type { Known } from './known.ts';

const ordinal = (name: string): Parameter => ({
  name,
  kind: 'ordinal',
  tag: 'schedule',
  values: [1, 2, 3, 4],
});
const parameters = ['strong', 'weak', 'idle', 'left', 'right'].map(ordinal);
const rows = parameters.reduce<number[][]>(
  (all) => all.flatMap((row) => [1, 2, 3, 4].map((v) => [...row, v])),
  [[]],
);
const space = tableSpace(parameters, rows);

function study(times: number, logTime: (digits: Int32Array) => number): Known {
  const random = randomFor('study', times);
  const members = Array.from({ length: times }, () => space.digitsAt(space.sample(random)));
  return { members, logTimes: Float64Array.from(members, logTime) };
}

describe('importanceOf', () => {
  const known = study(
    300,
    ([strong, weak, , left, right]) => 2 * strong + 0.5 * weak + (left === right ? 2 : 0),
  );

  it('ranks parameters by the variance they cause', () => {
    const importance = importanceOf(space, known, randomFor('a'));
    const names = importance?.parameters.map(({ name }) => name);
    expect(names?.[0]).toBe('strong');
    expect(names?.indexOf('weak')).toBeLessThan(names?.indexOf('idle') ?? 0);
    expect(importance?.parameters[0].share).toBeGreaterThan(0.5);
    expect(importance?.times).toBe(300);
  });

  it('finds the pair that matters together', () => {
    const [first] = importanceOf(space, known, randomFor('a'))?.interactions ?? [];
    expect([...(first?.names ?? [])].sort()).toEqual(['left', 'right']);
  });

  it('says nothing from few times, or from equal ones', () => {
    expect(
      importanceOf(
        space,
        study(9, ([strong]) => strong),
        randomFor('b'),
      ),
    ).toBeUndefined();
    expect(
      importanceOf(
        space,
        study(50, () => 1),
        randomFor('b'),
      ),
    ).toBeUndefined();
    expect(
      importanceOf(
        space,
        study(50, () => Number.POSITIVE_INFINITY),
        randomFor('b'),
      ),
    ).toBeUndefined();
  });
});

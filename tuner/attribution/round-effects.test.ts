import { expect, it } from 'vitest';
import { normal, randomFor } from '../../search-space/random.ts';
import { midmean } from '../measurement/statistics.ts';
import { withoutRoundEffects } from './round-effects.ts';

/** How much longer each takes: a default, eight that are the same, and twelve slow ones that come late. */
const SLOWER = [1.2, ...Array<number>(8).fill(0), ...Array<number>(12).fill(0.6)];
const FIRST = SLOWER.slice(0, 9).map((_, place) => place);
/** Later the default and one of the eight meet the slow ones. */
const LATE = [0, 1, ...SLOWER.map((_, place) => place).slice(9)];

function rounds(
  seed: number,
  factor: (random: () => number) => number,
): readonly (readonly (number | null)[])[] {
  const random = randomFor('rounds', seed);
  return Array.from({ length: 200 }, (_, round) => {
    const shift = 0.1 * normal(random) + (round < 100 ? 0 : 0.3);
    const places = round < 100 ? FIRST : LATE;
    return SLOWER.map((slower, place) =>
      places.includes(place) ? 100 * Math.exp(slower + shift) * factor(random) : null,
    );
  });
}

it.each([
  { name: 'scatter', factor: (random: () => number) => Math.exp(0.05 * normal(random)) },
  {
    name: 'a tenth of the times takes up to ten times as long',
    factor: (random: () => number) =>
      Math.exp(0.03 * normal(random)) * (random() < 0.1 ? 1 + 9 * random() : 1),
  },
])('compares variants that met others in other rounds: $name', ({ factor }) => {
  for (let seed = 1; seed <= 3; seed++) {
    const logs = withoutRoundEffects({ roundsUs: rounds(seed, factor) });
    const levels = SLOWER.map((_, place) => midmean(logs.flatMap((row) => row[place] ?? [])));
    for (const [place, slower] of SLOWER.entries())
      expect(Math.abs(levels[place] - levels[1] - slower)).toBeLessThan(0.03);
  }
});

it('takes away what makes a whole round slow, and all of a round of one', () => {
  const logs = withoutRoundEffects({
    roundsUs: [
      [100, 200],
      [300, 600],
      [null, 50],
      [null, null],
    ],
  });
  expect(logs[0][1] ?? 0).toBeCloseTo(logs[1][1] ?? 1);
  expect((logs[1][1] ?? 0) - (logs[1][0] ?? 0)).toBeCloseTo(Math.log(2));
  expect(logs[2][1] ?? 0).toBeCloseTo(logs[0][1] ?? 1, 4);
  expect(logs[3]).toEqual([null, null]);
});

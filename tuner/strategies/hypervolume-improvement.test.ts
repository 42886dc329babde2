import { expect, it } from 'vitest';
import { normal, randomFor } from '../../search-space/random.ts';
import { hypervolume } from '../objectives/front.ts';
import { expectedHypervolumeImprovement } from './hypervolume-improvement.ts';

const FRONTS = [
  { front: [], reference: [4, 4], slack: 0.02 },
  {
    front: [
      [1, 3],
      [2, 1.5],
      [2.5, 1.5],
      [5, 0],
    ],
    reference: [4, 4],
    slack: 0.02,
  },
  // Quadrature over the third.
  {
    front: [
      [1, 3, 2],
      [2, 1, 3],
      [3, 2, 1],
    ],
    reference: [4, 4, 4],
    slack: 0.1,
  },
];

it.each(FRONTS)('is what drawing gives: $front', ({ front, reference, slack }) => {
  const random = randomFor('draws', front.length);
  const expected = reference.map((_, i) => ({ mean: 2 + 0.3 * i, sd: 0.8 }));
  const before = hypervolume(front, reference);
  const draws = 20_000;
  let sum = 0;
  for (let draw = 0; draw < draws; draw++) {
    const point = expected.map(({ mean, sd }) => mean + sd * normal(random));
    sum += hypervolume([...front, point], reference) - before;
  }
  const drawn = sum / draws;
  expect(Math.abs(expectedHypervolumeImprovement({ front, reference }, expected) - drawn)).toBeLessThan(
    slack * drawn,
  );
});

it('is the growth itself where nothing is uncertain', () => {
  const expected = [
    { mean: 1, sd: 0 },
    { mean: 1, sd: 0 },
  ];
  expect(expectedHypervolumeImprovement({ front: [[2, 2]], reference: [3, 3] }, expected)).toBeCloseTo(3);
});

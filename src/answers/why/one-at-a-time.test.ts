import { expect, it } from 'vitest';
import { oneAtATime } from './one-at-a-time.ts';

it('tells a last change that loses with the step before it', () => {
  const times = new Map([
    ['11', 100],
    ['21', 50],
    ['12', 110],
    ['22', 51],
  ]);
  const way = oneAtATime({ tile: 1, unroll: 1 }, { tile: 2, unroll: 2 }, ({ tile, unroll }) =>
    times.get(`${tile}${unroll}`),
  );
  expect(way).toEqual([{ changed: ['tile', 'unroll'], configuration: { tile: 2, unroll: 2 } }]);
});

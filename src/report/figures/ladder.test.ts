import { expect, it } from 'vitest';
import { unknown } from '../../../tuner/attribution/gain.ts';
import { TEXT_WIDTH } from '../svg/figure.ts';
import { plotLadder } from './ladder.ts';

const known = (value: number) => ({ value, low: value / 4, high: value * 2 });

it.each([2, 40, 11_618, 2e6])('has no tick whose words meet those of another: %d×', (gain) => {
  const first = unknown('not applicable', 'the first rung');
  const drawn = plotLadder('l', 'ladder', [
    { name: 'scalar', mechanism: 'none', below: 1, whole: first, step: null, timeUs: 1e6 },
    { name: '+vec', mechanism: 'vec', below: 1, whole: known(gain), step: known(gain), timeUs: 1e6 / gain },
  ]);
  for (const body of [drawn.body, drawn.narrow?.body ?? '']) {
    const ticks = [...body.matchAll(/<text x="([\d.]+)"[^>]* text-anchor="middle" class="tick">([^<]+)</g)];
    expect(ticks.length).toBeGreaterThan(0);
    const ends = ticks.map(([, x, words]) =>
      [-1, 1].map((side) => Number(x) + (side * words.length * TEXT_WIDTH) / 2),
    );
    for (const [place, [, right]] of ends.slice(0, -1).entries())
      expect(right).toBeLessThan(ends[place + 1][0]);
  }
});

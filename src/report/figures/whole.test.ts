import { expect, it } from 'vitest';
import { plotWhole } from './whole.ts';

const nothing = { compute: 0, memory: 0, dma: 0, waiting: 0, forkJoin: 0, allocation: 0, idle: 0 };

it('says of its colours only what a bar has', () => {
  const drawn = plotWhole('w', 'whole', [
    {
      ...{ name: 'gelu', calls: 1 },
      default: { us: 10, spent: { ...nothing, compute: 4, memory: 6 } },
      tuned: { us: 5, spent: { ...nothing, compute: 4, forkJoin: 1 } },
    },
  ]);
  const words = [...drawn.body.matchAll(/class="soft">([^<]+)</g)].map(([, each]) => each);
  expect(words).toEqual(['compute', 'memory', 'fork and join']);
});

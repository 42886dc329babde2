import { describe, expect, it } from 'vitest';
import { desktop } from './desk.fixture.ts';

const upTo = (count: number) => Array.from({ length: count }, (_, i) => String(1000 + i));
const named = ['hexagon-v75', 'edge-2mib', 'hexagon-v73', 'hexagon-v79'];

describe('a plan of too many studies', () => {
  it.each([
    [20, 1000, Array.from({ length: 1000 }, (_, i) => named[i % 4]), 80_000],
    [20, 1000, upTo(1000), 20_000_000],
    [200, 2000, upTo(1000), 400_000_000],
  ])(
    'is refused before it is spread out: %i entries of %i shapes',
    async (entries, shapes, targets, count) => {
      const { ask, store } = await desktop();
      const entry = { kernel: 'gelu', shapes: upTo(shapes) };
      const studies = Array.from({ length: entries }, () => entry);
      for (const again of [false, true]) {
        const answer = await ask('POST', '/v1/plans', {
          plan: { targets, studies, budget: { trials: 1 } },
          again,
        });
        expect(answer).toMatchObject({ status: 400, body: { error: { code: 'bad-input' } } });
        expect(JSON.stringify(answer.body)).toContain(`asks for ${count} studies (at most 10000`);
      }
      expect(await store.studies()).toEqual([]);
      expect(await store.plans()).toEqual([]);
    },
  );
});

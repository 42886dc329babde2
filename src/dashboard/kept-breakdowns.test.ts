import { expect, it } from 'vitest';
import { keepingBreakdowns } from './kept-breakdowns.ts';
import type { ComputeBreakdowns } from './plan-page.ts';

const kernel = {
  ...{ hash: 'k', name: 'gelu', shape: '64', dtype: 'f32', ir: null, features: {}, source: 'library' },
} as const;
const call = { kernel, target: { kind: 'named', name: 'edge-2mib' }, fingerprint: 't' } as const;

it('computes a call once, and again what is another call, or has failed', async () => {
  const asked: unknown[] = [];
  const compute: ComputeBreakdowns = async (one, configurations) => {
    asked.push([one.fingerprint, configurations]);
    if (asked.length === 1) throw new Error('the thread has died');
    return configurations.map(() => null);
  };
  const keeping = keepingBreakdowns(compute);
  await expect(keeping(call, [{ tile: 1 }])).rejects.toThrow('the thread has died');
  for (let time = 0; time < 3; time++) expect(await keeping(call, [{ tile: 1 }])).toEqual([null]);
  expect(asked).toHaveLength(2);
  await keeping(call, [{ tile: 2 }]);
  await keeping({ ...call, fingerprint: 'another' }, [{ tile: 1 }]);
  expect(asked).toHaveLength(4);
});

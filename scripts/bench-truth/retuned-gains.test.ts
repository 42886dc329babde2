import { expect, it } from 'vitest';
import { retuned } from './retuned-gains.ts';

it('holds every simulated gain of a study as each parameter set, tuned for itself, has it', async () => {
  const { gains, whole, sets, held, misses } = await retuned('rms-norm', '256x1024', 'hexagon-mlir');
  expect(gains).toBe(6);
  expect(sets).toBe(240);
  expect(misses).toEqual([]);
  expect([whole, held]).toEqual([gains, sets]);
});

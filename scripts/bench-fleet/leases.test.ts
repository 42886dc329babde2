import { expect, it } from 'vitest';
import { countLeases } from './leases.ts';

it('counts every job once, whatever fails, and never has a device execute two programs', () => {
  const { failures, leases, stale, kept, ...count } = countLeases(20_000);
  expect(count).toMatchObject({ overlaps: 0, unclaimed: 0, lost: 0, doubled: 0, wrong: 0, sameLease: 0 });
  expect(leases).toBeGreaterThan(count.jobs);
  expect(Math.min(stale, kept, ...Object.values(failures))).toBeGreaterThan(0);
});

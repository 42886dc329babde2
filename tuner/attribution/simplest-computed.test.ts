import { describe, expect, it } from 'vitest';
import { defineSpace } from '../../search-space/define-space.ts';
import type { Configuration } from '../../search-space/parameter.ts';
import { compareExact, simplestComputed } from './simplest-computed.ts';

const space = defineSpace(
  [
    { name: 'threads', kind: 'ordinal', tag: 'mt', values: [1, 2, 4, 8], off: 1 },
    { name: 'unroll', kind: 'ordinal', tag: 'schedule', values: [1, 2, 4] },
    { name: 'split', kind: 'categorical', tag: 'schedule', values: ['block', 'cyclic'] },
  ],
  [],
);
const study = { space, default: { threads: 1, unroll: 1, split: 'block' } };
const busy: Configuration = { threads: 8, unroll: 4, split: 'cyclic' };

describe('what to use by exact times', () => {
  it('leaves out what gains nothing, whatever the rounding says', () => {
    // Memory-bound from four threads on: neither unrolling nor the split matters, but for the last bit.
    const timeOf = ({ threads, unroll }: Configuration): number =>
      100 / Math.min(4, Number(threads)) - 1e-14 * Number(unroll);
    const found = simplestComputed(study, [{ configuration: busy, timeUs: timeOf(busy) }], timeOf);
    expect(found).toEqual({ threads: 4, unroll: 1, split: 'block' });
  });

  it('keeps what is faster, and takes less where that costs less than one per cent', () => {
    const timeOf = ({ threads, unroll, split }: Configuration): number =>
      100 - (threads === 8 ? 0.5 : 0) - (unroll === 4 ? 0.5 : 0) - (split === 'cyclic' ? 10 : 0);
    const found = simplestComputed(study, [{ configuration: busy, timeUs: timeOf(busy) }], timeOf);
    // Of the same effort, the faster one: unrolling takes nothing.
    expect(found).toEqual({ threads: 1, unroll: 4, split: 'cyclic' });
  });

  it('prefers the simpler of two that differ by rounding only', () => {
    const plain = { ...busy, unroll: 1 };
    expect(
      compareExact(study, { configuration: plain, timeUs: 0.1 + 0.2 }, { configuration: busy, timeUs: 0.3 }),
    ).toBeLessThan(0);
  });
});

import { describe, expect, it } from 'vitest';
import { defineKernel } from '../../kernels/builder.ts';
import { Harness } from './harness.fixture.ts';

const halving = defineKernel('halving', { shape: [101], dtype: 'f32' }, (k) => {
  const i = k.dimension('i', 101);
  const x = k.inout('x', 'f32', [101]);
  k.store(x, [i], x.at(i).mul(0.5));
});

const floats = (bytes: Uint8Array): readonly number[] =>
  Array.from(new Float32Array(Uint8Array.from(bytes).buffer), Math.abs);

describe('a kernel that changes its data in place', () => {
  it('is never timed on data that many calls have changed', async () => {
    const harness = new Harness(halving);
    const once = floats(await harness.bytes({ lanes: 4 }, 'x'));
    const { calls } = harness.executor.sample(await harness.load({ lanes: 4 }));
    expect(calls).toBeGreaterThan(10);
    for (const [element, size] of floats(harness.executor.read(0)).entries()) {
      expect(size).toBeGreaterThanOrEqual(once[element] / 2 ** 3);
    }
  });
});

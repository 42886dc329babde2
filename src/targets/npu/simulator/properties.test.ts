import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Value } from '../../../../search-space/parameter.ts';
import type { Kernel } from '../../../kernels/ir.ts';
import { libraryKernel } from '../../../kernels/library.ts';
import { withFigures } from '../machine/calibration.ts';
import { loadTarget } from '../machine/load.ts';
import type { SimulatedTarget } from '../machine/schema.ts';
import { buildSpace } from '../space/space.ts';
import type { Breakdown } from './breakdown.ts';
import { anyCase, anyKernel, anyTarget, pointwise, richer } from './machines.fixture.ts';
import { roofline } from './roofline.ts';
import { simulateKernel } from './simulate.ts';

const parts = (b: Breakdown) => [b.compute, b.memory, b.dma, b.waiting, b.forkJoin, b.allocation, b.idle];
const total = (b: Breakdown) => parts(b).reduce((sum, part) => sum + part, 0);

/** The least time over the part of a space where the named parameters have these values. */
function best(kernel: Kernel, target: SimulatedTarget, held: Readonly<Record<string, Value>>) {
  const values = Object.fromEntries(Object.entries(held).map(([name, value]) => [name, [value]]));
  const space = buildSpace(kernel, target).restrict({ values });
  if (space === null) return undefined;
  let least = simulateKernel(kernel, target, space.at(0));
  for (let i = 1; i < space.size; i++) {
    const time = simulateKernel(kernel, target, space.at(i));
    if (time.timeUs < least.timeUs) least = time;
  }
  return least;
}

describe('the simulator', () => {
  it('explains every microsecond: the parts of each context add up to the time', () => {
    fc.assert(
      fc.property(anyCase, ({ kernel, target, configuration }) => {
        const { timeUs, breakdown, contexts } = simulateKernel(kernel, target, configuration);
        expect(timeUs).toBeGreaterThan(0);
        for (const context of [breakdown, ...contexts]) {
          expect(Math.min(...parts(context))).toBeGreaterThanOrEqual(0);
          expect(Math.abs(total(context) / timeUs - 1)).toBeLessThan(1e-9);
        }
      }),
      { numRuns: 120, seed: 1 },
    );
  });

  it('takes what sums in another order differ by for no idle time', () => {
    const schedule = { vectorBytes: 128, unroll: 1, threads: 4, split: 'chunks', staging: 'dma', buffers: 2 };
    const kernel = libraryKernel('gelu', [262144]);
    const { contexts } = simulateKernel(kernel, loadTarget('hexagon-mlir'), { ...schedule, tile: 65536 });
    expect(contexts.map(({ idle }) => idle)).toEqual([0, 0, 0, 0]);
  });

  it('extrapolates a steady state to the result of simulating every tile', () => {
    fc.assert(
      fc.property(anyCase, ({ kernel, target, configuration }) => {
        const quick = simulateKernel(kernel, target, configuration).timeUs;
        const exact = simulateKernel(kernel, target, configuration, { exact: true }).timeUs;
        expect(Math.abs(quick / exact - 1)).toBeLessThan(1e-3);
      }),
      { numRuns: 120, seed: 2 },
    );
  });

  it.each([
    ['vector-add', 1.1],
    ['gelu', 1.25],
  ])('comes near the roofline when %s is large', (name, near) => {
    const target = loadTarget('hexagon-v75');
    const ratios = [2 ** 12, 2 ** 16, 2 ** 20, 2 ** 25].map((size) => {
      const kernel = libraryKernel(name, [size]);
      const { memoryUs, computeUs } = roofline(kernel, target);
      return (best(kernel, target, { unroll: 8 })?.timeUs ?? 0) / Math.max(memoryUs, computeUs);
    });
    expect(ratios[3]).toBeLessThan(near);
    expect(ratios[3]).toBeLessThan(ratios[0]);
  });

  it('never makes the best configuration slower on a richer machine', () => {
    fc.assert(
      fc.property(anyKernel, anyTarget, fc.nat(), (kernel, target, seed) => {
        const held = { unroll: 4, vectorBytes: 128 };
        const poor = best(kernel, target, held);
        const rich = best(kernel, richer(target, seed), held);
        expect(rich?.timeUs).toBeLessThanOrEqual((poor?.timeUs ?? 0) * 1.01);
      }),
      { numRuns: 20, seed: 4 },
    );
  });
});

describe('double buffering', () => {
  const gainOf = (kernel: Kernel, target: SimulatedTarget, threads: number, split: string) => {
    const held = { unroll: 4, vectorBytes: 128, threads, split, staging: 'dma' };
    const one = best(kernel, target, { ...held, buffers: 1 });
    const two = best(kernel, target, { ...held, buffers: 2 });
    return one && two && { gain: one.timeUs / two.timeUs, one };
  };

  it('at most halves the time, and gains nothing without transfers to overlap', () => {
    fc.assert(
      fc.property(
        anyKernel,
        anyTarget,
        fc.constantFrom('tiles-block', 'tiles-cyclic', 'chunks'),
        fc.double({ min: -3, max: 3, noNaN: true }),
        (kernel, target, split, balance) => {
          const machine = withFigures(target, { clockGHz: target.clockGHz * 10 ** balance });
          const threads = split === 'tiles-block' ? machine.contexts : Math.max(2, machine.contexts);
          const found = gainOf(kernel, machine, threads, threads === 1 ? 'tiles-block' : split);
          if (!found) return;
          const { gain, one } = found;
          expect(gain).toBeLessThanOrEqual(2 + 1e-9);
          const { compute, dma } = one.breakdown;
          if (Math.min(compute, dma) < 0.01 * (compute + dma)) expect(gain).toBeLessThanOrEqual(1.02);
        },
      ),
      { numRuns: 30, seed: 5 },
    );
  });

  it('gains most where computation and transfers balance', () => {
    const kernel = pointwise({ elements: 2 ** 22, inputs: 2, operations: 6, dtype: 'f32' });
    const base = loadTarget('hexagon-v75');
    const swept = Array.from({ length: 25 }, (_, i) => {
      const machine = withFigures(base, { clockGHz: base.clockGHz * 2 ** ((i - 12) / 2) });
      const found = gainOf(kernel, machine, 1, 'tiles-block');
      const { compute, dma } = found?.one.breakdown ?? { compute: 0, dma: 1 };
      return { balance: compute / dma, gain: found?.gain ?? 0 };
    });
    const top = swept.reduce((most, point) => (point.gain > most.gain ? point : most));
    expect(top.balance).toBeGreaterThan(0.6);
    expect(top.balance).toBeLessThan(1.7);
    expect(top.gain).toBeGreaterThan(1.6);
    expect(swept[0].gain).toBeLessThan(1.1);
    expect(swept[24].gain).toBeLessThan(1.2);
  });
});

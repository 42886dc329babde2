import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Configuration } from '../../../../search-space/parameter.ts';
import { defineKernel } from '../../../kernels/builder.ts';
import type { Kernel } from '../../../kernels/ir.ts';
import { libraryKernel, libraryKernels } from '../../../kernels/library.ts';
import { listTargets, loadTarget } from '../machine/load.ts';
import { applyWhatIf } from '../machine/what-if.ts';
import { loweredForNpu } from '../policy.ts';
import { buildSpace } from '../space/space.ts';
import { leastTimes, requirePossible } from './bounds.ts';
import { readSchedule } from './schedule.ts';
import { modelOf, simulateKernel } from './simulate.ts';

const half: fc.Arbitrary<number> = fc.double({ min: 0, max: 0.999999, noNaN: true });

/** A kernel of the library at a shape of at most its default's, and the same with one extent doubled. */
const anyDoubling = fc
  .record({ at: half, sizes: fc.array(half, { minLength: 4, maxLength: 4 }), doubled: half })
  .map(({ at, sizes, doubled }) => {
    const { name, defaultShape } = libraryKernels[Math.floor(at * libraryKernels.length)];
    const smaller = (most: number, size: number) => Math.max(2, Math.floor(2 ** (size * Math.log2(most))));
    const shape = defaultShape.map((most, n) => (most === 1 ? 1 : 2 * smaller(most / 2, sizes[n % 4])));
    const which = Math.floor(doubled * shape.length);
    return { name, shape, twice: shape.map((extent, n) => (n === which ? 2 * extent : extent)) };
  });

const timeOf = (name: string, shape: readonly number[], target: string, configuration: Configuration) =>
  simulateKernel(libraryKernel(name, shape), loadTarget(target), configuration).timeUs;

describe.each(listTargets())('on %s', (name) => {
  it('twice the work never takes less time', () => {
    // Where a gate lets more work have more threads, it may.
    const target = applyWhatIf(loadTarget(name), 'gate=off');
    fc.assert(
      fc.property(anyDoubling, half, ({ name: kernel, shape, twice }, place) => {
        const small = libraryKernel(kernel, shape);
        const space = buildSpace(small, target);
        const configuration = space.at(Math.floor(place * space.size));
        const once = simulateKernel(small, target, configuration).timeUs;
        const both = simulateKernel(libraryKernel(kernel, twice), target, configuration).timeUs;
        expect(both).toBeGreaterThanOrEqual(once * (1 - 1e-9));
      }),
      { numRuns: 30, seed: 1 },
    );
  });

  it('every kernel of the library takes at least the time of its bytes and its operations', () => {
    const target = loadTarget(name);
    for (const { build, defaultShape, dtypes } of libraryKernels) {
      const kernel = build(defaultShape, dtypes[0]);
      const space = buildSpace(kernel, target);
      for (let n = 0; n < 12; n++)
        simulateKernel(kernel, target, space.at(Math.floor((n * space.size) / 12)));
    }
  });
});

describe('leftovers of an unrolled loop', () => {
  it('do not make twice the work faster', () => {
    const configuration = {
      ...{ vectorBytes: 128, unroll: 8, threads: 1, split: 'tiles-block' },
      ...{ staging: 'dma', tileRows: 192, buffers: 1 },
    };
    const [once, twice] = [136, 272].map((columns) =>
      timeOf('softmax', [192, columns], 'snapdragon-8gen1', configuration),
    );
    expect(twice).toBeGreaterThan(once);
  });
});

describe('traffic', () => {
  const direct = { vectorBytes: 128, unroll: 1, threads: 1, split: 'tiles-block', staging: 'direct' };

  it('of the two halves of a row is that of both', () => {
    const [kernel, target] = [libraryKernel('rope', [8, 1024, 64]), loadTarget('hexagon-v75')];
    const { accesses } = loweredForNpu(kernel).nests[0];
    expect(accesses.filter(({ array }) => array === 'x')).toHaveLength(2);
    expect(accesses.filter(({ array }) => array === 'out')).toHaveLength(2);
    const bytes = 4 * (2 * 8 * 1024 * 64 + 2 * 1024 * 32);
    expect(modelOf(kernel, target).touchedBytes).toBe(bytes);
    const cold = applyWhatIf(target, 'residency=cold');
    const alone = { ...direct, tileRows: 1, tileCols: 32, buffers: 1 };
    const { timeUs } = simulateKernel(kernel, cold, alone);
    expect(timeUs).toBeGreaterThan(bytes / target.memory[1].perThreadGBs / 1000);
  });

  it('of a window that slides counts what neighbours share once', () => {
    const [rows, columns] = [64, 256];
    const kernel = defineKernel('blur', { shape: [rows, columns], dtype: 'f32' }, (k) => {
      const [i, j] = [k.dimension('i', rows), k.dimension('j', columns)];
      const x = k.input('x', 'f32', [rows, columns + 2]);
      const sum = x
        .at(i, j)
        .add(x.at(i, j.plus(1)))
        .add(x.at(i, j.plus(2)));
      k.store(k.output('y', 'f32', [rows, columns]), [i, j], sum);
    });
    const loads = loweredForNpu(kernel).nests[0].accesses.filter(({ role }) => role === 'load');
    expect(loads.map(({ offsets }) => offsets)).toEqual([[0, 1, 2]]);
    expect(modelOf(kernel, loadTarget('hexagon-v75')).touchedBytes).toBe(4 * rows * (columns + 2 + columns));
  });

  it('counts what is touched of an operand, not the operand', () => {
    const kernel: Kernel = defineKernel('first', { shape: [4096], dtype: 'f32' }, (k) => {
      const i = k.dimension('i', 4096);
      k.store(
        k.output('y', 'f32', [4096]),
        [i],
        k
          .input('x', 'f32', [2 ** 24])
          .at(i)
          .mul(2),
      );
    });
    expect(modelOf(kernel, loadTarget('hexagon-v75')).touchedBytes).toBe(2 * 4 * 4096);
  });
});

describe('an impossible time', () => {
  it('is an internal error with the call that repeats it', () => {
    const [kernel, target] = [libraryKernel('gelu', [65536]), loadTarget('hexagon-v75')];
    const model = modelOf(kernel, target);
    const configuration = {
      vectorBytes: 128,
      unroll: 1,
      threads: 1,
      split: 'tiles-block',
      staging: 'direct',
    };
    const whole = { ...configuration, tile: 256, buffers: 1 };
    const schedule = readSchedule(whole, model.lowered);
    const { memoryUs, computeUs } = leastTimes(model, schedule);
    const least = Math.max(memoryUs, computeUs);
    expect(() => requirePossible(least, kernel, model, whole, schedule)).not.toThrow();
    expect(() => requirePossible(0.9 * least, kernel, model, whole, schedule)).toThrow(
      /internal error.*simulate gelu --shape 65536 --dtype f32 --target hexagon-v75 --set vectorBytes=128 .*--set tile=256/,
    );
  });
});

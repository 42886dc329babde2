import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { libraryKernel, libraryKernels } from '../../../kernels/library.ts';
import { listTargets, loadTarget } from '../machine/load.ts';
import { applyWhatIf } from '../machine/what-if.ts';
import { loweredForNpu } from '../policy.ts';
import { anyKernel, anyTarget, richer } from '../simulator/machines.fixture.ts';
import { readSchedule } from '../simulator/schedule.ts';
import { modelOf } from '../simulator/simulate.ts';
import { defaultConfiguration } from './default.ts';
import { buildSpace } from './space.ts';
import { ruleTiles } from './tiling-rule.ts';

describe('the space of a kernel on a simulated target', () => {
  it.each(listTargets())('on %s has the default of every library kernel, and a searchable size', (name) => {
    const target = loadTarget(name);
    for (const { build, defaultShape, dtypes } of libraryKernels) {
      const kernel = build(defaultShape, dtypes[0]);
      const space = buildSpace(kernel, target);
      expect(space.has(defaultConfiguration(kernel, target, space))).toBe(true);
      expect(space.size).toBeLessThan(300_000);
      expect(space.size).toBeGreaterThan(10);
    }
  });

  it('tags every parameter, and gives each mechanism an off value', () => {
    const space = buildSpace(libraryKernel('gelu'), loadTarget('hexagon-v75'));
    const tags = Object.fromEntries(space.parameters.map(({ name, tag, off }) => [name, [tag, off]]));
    expect(tags).toEqual({
      vectorBytes: ['vec', 0],
      unroll: ['schedule', undefined],
      threads: ['mt', 1],
      split: ['mt', 'tiles-block'],
      staging: ['schedule', undefined],
      tile: ['schedule', undefined],
      buffers: ['db', 1],
    });
  });

  it('names tiles after their dimensions', () => {
    const names = (kernel: string) =>
      loweredForNpu(libraryKernel(kernel)).tiled.map(({ parameter }) => parameter);
    expect(names('gelu')).toEqual(['tile']);
    expect(names('transpose')).toEqual(['tileRows', 'tileCols']);
    expect(names('softmax')).toEqual(['tileRows']);
    expect(names('row-sum')).toEqual(['tileRows', 'tileCols']);
    expect(names('matmul')).toEqual(['tileM', 'tileN', 'tileK']);
    expect(names('attention')).toEqual(['tileRows']);
  });

  it('pins parameters without effect: no two members differ in an inactive parameter only', () => {
    const space = buildSpace(libraryKernel('gelu', [4096]), loadTarget('hexagon-v75'));
    for (let i = 0; i < space.size; i++) {
      const { staging, tile, buffers, threads, split } = space.at(i);
      if (staging === 'direct') expect([tile, buffers]).toEqual([256, 1]);
      if (staging === 'copy') expect(buffers).toBe(1);
      if (threads === 1) expect(split).toBe('tiles-block');
    }
  });

  it('has no configuration that overflows the scratchpad', () => {
    fc.assert(
      fc.property(
        anyKernel,
        anyTarget,
        fc.double({ min: 0, max: 0.99999, noNaN: true }),
        (kernel, target, place) => {
          const space = buildSpace(kernel, target);
          const schedule = readSchedule(space.at(Math.floor(place * space.size)), loweredForNpu(kernel));
          expect(modelOf(kernel, target).scratchpadBytes(schedule)).toBeLessThanOrEqual(
            target.scratchpad.bytes,
          );
        },
      ),
      { numRuns: 150, seed: 6 },
    );
  });

  it('of a richer machine contains that of a poorer one', () => {
    fc.assert(
      fc.property(anyKernel, anyTarget, fc.nat(), (kernel, target, seed) => {
        const poor = buildSpace(kernel, target);
        const rich = buildSpace(kernel, richer(target, seed));
        for (let i = 0; i < poor.size; i += Math.ceil(poor.size / 50))
          expect(rich.has(poor.at(i))).toBe(true);
      }),
      { numRuns: 40, seed: 7 },
    );
  });
});

describe('the tiling rule', () => {
  const target = loadTarget('hexagon-mlir');
  const product = libraryKernel('matmul', [2048, 1024, 8192], 'f16');

  it('chooses the published tiles of hexagon-mlir', () => {
    const tilesOf = (name: string, shape: readonly number[]) =>
      ruleTiles(loweredForNpu(libraryKernel(name, shape)), target);
    expect(tilesOf('vector-add', [64, 16384])).toEqual({ tileRows: 8, tileCols: 16384 });
    expect(tilesOf('gelu', [1048576])).toEqual({ tile: 262144 });
    expect(ruleTiles(loweredForNpu(product), target)).toEqual({ tileM: 64, tileN: 64, tileK: 4096 });
  });

  it('has its own budget, which does not depend on the scratchpad', () => {
    const small = applyWhatIf(target, 'tiling-budget=262144');
    expect(ruleTiles(loweredForNpu(product), small)).toEqual({ tileM: 8, tileN: 64, tileK: 1024 });
  });
});

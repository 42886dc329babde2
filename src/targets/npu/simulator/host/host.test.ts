import { describe, expect, it } from 'vitest';
import type { Configuration } from '../../../../../search-space/parameter.ts';
import { randomFor } from '../../../../../search-space/random.ts';
import { backendConformance } from '../../../../../tuner/backend.conformance.ts';
import type { Kernel } from '../../../../kernels/ir.ts';
import { findLibraryKernel, libraryKernels } from '../../../../kernels/library.ts';
import { buildWasmSpace } from '../../../wasm/space.ts';
import { simulatorBackend } from '../../backend.ts';
import { buildSpace } from '../../space/space.ts';
import { simulate } from '../simulate.ts';
import { host, hostMachine } from './host.fixture.ts';

const machine = hostMachine();
const gelu = findLibraryKernel('gelu').build([2 ** 16], 'f32');
const add = findLibraryKernel('vector-add').build([2 ** 20], 'f32');
const space = buildSpace(gelu, machine);
const RESTING = {
  lanes: 8,
  scalarUnroll: 1,
  fma: false,
  threads: 1,
  chunking: 'static',
  staging: 'direct',
  tile: 1024,
  copyEngine: 'memory',
  staged: 'inout',
  buffers: 1,
};

function timeOf(changed: Configuration, kernel: Kernel = gelu, on = machine): number {
  return simulate(kernel, on, { ...RESTING, ...changed }).timeUs;
}

backendConformance({
  name: 'the simulator of a host',
  open: async () => simulatorBackend({ kernel: gelu, target: machine }),
  good: [space.at(0), space.at(space.size - 1)],
  bad: { ...space.at(0), buffers: 3 },
});

describe('a simulated host', () => {
  it('has the space of --target wasm', () => {
    expect(space.hash).toBe(buildWasmSpace(gelu, host).hash);
  });

  it('times every kernel of the library, and each part of a context’s time adds up', () => {
    for (const entry of libraryKernels) {
      const kernel = entry.build(entry.defaultShape, entry.dtypes[0]);
      const own = buildSpace(kernel, machine);
      const { contexts, timeUs } = simulate(kernel, machine, own.at(own.sample(randomFor(kernel.name))));
      for (const context of contexts) {
        const total = Object.values(context).reduce((sum, part) => sum + part, 0);
        expect(total / timeUs).toBeCloseTo(1, 6);
      }
    }
  });

  it('gains from vectors, from batches of them, and from fused multiply-adds', () => {
    expect(timeOf({ lanes: 4 })).toBeLessThan(timeOf({ lanes: 1, scalarUnroll: 8 }) / 2);
    expect(timeOf({ lanes: 16 })).toBeLessThan(timeOf({ lanes: 4 }));
    expect(timeOf({ lanes: 16, fma: true })).toBeLessThan(timeOf({ lanes: 16 }));
  });

  it('hides latencies by its window, not only by what the code interleaves', () => {
    const narrow = hostMachine({ waiting: 16 });
    expect(timeOf({ lanes: 4 })).toBeLessThan(timeOf({ lanes: 4 }, gelu, narrow) / 1.5);
    expect(timeOf({ lanes: 32 }) / timeOf({ lanes: 32 }, gelu, narrow)).toBeGreaterThan(0.5);
  });

  it('gains from a second thread, less the fork and join', () => {
    const gain = timeOf({}) / timeOf({ threads: 2 });
    expect(gain).toBeGreaterThan(1.7);
    expect(gain).toBeLessThan(2);
    const slow = hostMachine({ forkJoinUs: 1000 });
    expect(timeOf({ threads: 2 }, gelu, slow)).toBeGreaterThan(1000);
  });

  it('is never faster than its memory', () => {
    const bytes = 3 * 4 * 2 ** 20;
    for (const lanes of [4, 32]) expect(timeOf({ lanes }, add)).toBeGreaterThanOrEqual(bytes / 12 / 1000);
  });

  it('pays for staging, and gains by overlap against the same two threads without it', () => {
    const staged = { staging: 'dma', tile: 4096 };
    expect(timeOf({ ...staged, buffers: 2 })).toBeLessThan(timeOf(staged) / 1.1);
    expect(timeOf({ staging: 'copy', tile: 4096 })).toBeGreaterThan(timeOf({}));
  });

  it('tells the copy engines and scopes apart', () => {
    const staged = { staging: 'copy', tile: 4096 };
    expect(timeOf({ ...staged, copyEngine: 'simd' }, add)).toBeLessThan(timeOf(staged, add));
    expect(timeOf({ ...staged, staged: 'in' }, add)).toBeLessThan(timeOf(staged, add));
  });

  it('pays for each chunk that is taken', () => {
    const slow = hostMachine({ callUs: 5 });
    const chunks = (count: number) => timeOf({ threads: 2, chunking: `dynamic-${count}` }, add, slow);
    expect(chunks(128) - chunks(8)).toBeGreaterThan(5 * 50);
  });
});

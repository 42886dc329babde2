import { expect, it } from 'vitest';
import { libraryKernel } from '../kernels/library.ts';
import { loadTarget } from '../targets/npu/machine/load.ts';
import { twoCalls } from './two-calls.ts';

it('shows work of both calls where one begins long after the other has ended', () => {
  const machine = loadTarget('edge-2mib');
  const schedule = { vectorBytes: 128, unroll: 1, split: 'chunks', staging: 'direct', buffers: 1, tile: 128 };
  const call = (elements: number, threads: number) => ({
    kernel: libraryKernel('relu', [elements]),
    machine,
    configuration: { ...schedule, threads },
  });
  const [first, second] = twoCalls(call(128, 1), call(65536, 4)).timelines;
  expect(5 * first.timeUs).toBeLessThan(second.timeUs);
  expect(second.tiles).toEqual({ whole: 1, shown: 1 });
  expect(second.shownUs).toBeLessThan(second.timeUs);
});

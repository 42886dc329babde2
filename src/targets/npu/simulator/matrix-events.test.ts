import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Configuration } from '../../../../search-space/parameter.ts';
import type { Kernel } from '../../../kernels/ir.ts';
import { libraryKernel } from '../../../kernels/library.ts';
import { loadTarget } from '../machine/load.ts';
import { buildSpace } from '../space/space.ts';
import type { Breakdown } from './breakdown.ts';
import type { PipelineEvent } from './pipeline-event.ts';
import { matrixUnitUs, simulateKernel } from './simulate.ts';

const v73 = loadTarget('hexagon-v73');
const SHAPES = [
  [256, 256, 256],
  [512, 512, 512],
  [96, 100, 300],
  [1000, 640, 128],
];
const spaces = SHAPES.map((shape) => {
  const kernel = libraryKernel('matmul', shape, 'f16');
  const space = buildSpace(kernel, v73).restrict({ values: { unit: ['matrix'] } });
  if (space === null) throw new Error('nothing is left');
  return { kernel, space };
});

function eventsOf(kernel: Kernel, configuration: Configuration): readonly PipelineEvent[] {
  const events: PipelineEvent[] = [];
  simulateKernel(kernel, v73, configuration, { exact: true, observe: (event) => events.push(event) });
  return events;
}

const lengthOf = (events: readonly PipelineEvent[]): number =>
  events.reduce((sum, { start, end }) => sum + end - start, 0);

describe('what is told of a call on the matrix unit', () => {
  it('adds up to the breakdown, and to the time of the unit, whose turns lie within those of their tiles', () => {
    fc.assert(
      fc.property(fc.nat(SHAPES.length - 1), fc.nat(), (which, place) => {
        const { kernel, space } = spaces[which];
        const configuration = space.at(place % space.size);
        const events = eventsOf(kernel, configuration);
        const unit = events.filter(({ track }) => track === 'unit');
        const own = events.filter(({ track }) => track === 'thread');
        const of = (...kinds: PipelineEvent['what'][]) =>
          lengthOf(own.filter(({ what }) => kinds.includes(what)));
        const { contexts } = simulateKernel(kernel, v73, configuration, { exact: true });
        const spent = (part: (context: Breakdown) => number) =>
          contexts.reduce((sum, context) => sum + part(context), 0);
        expect(lengthOf(unit)).toBeCloseTo(matrixUnitUs(kernel, v73, configuration), 6);
        expect(of('compute')).toBeCloseTo(
          spent(({ compute }) => compute),
          6,
        );
        expect(of('allocate')).toBeCloseTo(
          spent(({ allocation }) => allocation),
          6,
        );
        expect(of('copy-in', 'copy-out')).toBeCloseTo(
          spent(({ memory }) => memory),
          6,
        );
        expect(of('wait')).toBeCloseTo(
          spent(({ dma, waiting }) => dma + waiting),
          6,
        );
        for (const { tile, start, end } of unit) {
          const around = own.filter((event) => event.tile === tile && event.what !== 'allocate');
          expect(start).toBeGreaterThanOrEqual(Math.min(...around.map((event) => event.start)) - 1e-9);
          expect(end).toBeLessThanOrEqual(Math.max(...around.map((event) => event.end)) + 1e-9);
        }
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  it('has one product at a time where all threads have like tiles', () => {
    const { kernel, space } = spaces[1];
    const even = { vectorBytes: 128, unroll: 1, threads: 4, split: 'tiles-block', staging: 'copy' };
    const tiles = { unit: 'matrix', weights: 'streamed', tileM: 64, tileN: 64, tileK: 512, buffers: 1 };
    expect(space.has({ ...even, ...tiles })).toBe(true);
    const inTime = eventsOf(kernel, { ...even, ...tiles })
      .filter(({ track }) => track === 'unit')
      .sort((a, b) => a.start - b.start);
    expect(inTime).toHaveLength(64);
    for (const [place, { start }] of inTime.slice(1).entries())
      expect(start).toBeGreaterThanOrEqual(inTime[place].end - 1e-9);
  });
});

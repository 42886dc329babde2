import { describe, expect, it } from 'vitest';
import { runPipeline } from './pipeline.ts';
import type { PipelineEvent } from './pipeline-event.ts';
import type { TileClass, Transfers } from './tile-transfers.ts';

const tile = (count: number, loadBytes: number, storeBytes: number, computeUs: number): TileClass => ({
  count,
  loadBytes,
  loadDescriptors: 1,
  storeBytes,
  storeDescriptors: 1,
  computeUs,
});

const dma = (changes: Partial<Transfers> = {}): Transfers => ({
  kind: 'dma',
  usPerByte: () => 1,
  setupUs: 0,
  queues: 1,
  queueDepth: 128,
  buffers: 1,
  waitForWriteBack: false,
  ...changes,
});

const endOf = (tiles: readonly TileClass[], threads: number, transfers: Transfers, exact = false) =>
  Math.max(...runPipeline(tiles, threads, transfers, 0, exact).map(({ end }) => end));

describe('the tile pipeline', () => {
  it('does not overlap anything with one buffer', () => {
    expect(endOf([tile(10, 3, 2, 5)], 1, dma())).toBeCloseTo(10 * (3 + 2 + 5), 9);
  });

  it('overlaps transfers and computation with two buffers', () => {
    expect(endOf([tile(100, 3, 2, 5)], 1, dma({ buffers: 2 }))).toBeCloseTo(3 + 100 * 5 + 2, 9);
    expect(endOf([tile(100, 6, 4, 5)], 1, dma({ buffers: 2 }))).toBeCloseTo(1001, 9);
  });

  it('does not overlap the write-back if the thread waits for it', () => {
    const waited = endOf([tile(100, 3, 2, 5)], 1, dma({ buffers: 2, waitForWriteBack: true }));
    expect(waited).toBeCloseTo(100 * 7 + 3, 0);
  });

  it('serves threads that share a queue one after the other, at the queue’s bandwidth', () => {
    expect(endOf([tile(400, 3, 2, 1)], 4, dma())).toBeGreaterThanOrEqual(400 * 5);
    expect(endOf([tile(400, 3, 2, 1)], 4, dma())).toBeLessThan(400 * 5 * 1.02);
  });

  it('holds a thread whose queue is full', () => {
    const full = endOf([tile(50, 3, 2, 5)], 1, dma({ buffers: 3, queueDepth: 1 }));
    expect(full).toBeGreaterThan(endOf([tile(50, 3, 2, 5)], 1, dma({ buffers: 3 })));
  });

  it('gives the last, shorter tiles to the first threads', () => {
    const times = runPipeline([tile(9, 1, 1, 10), tile(1, 1, 1, 4)], 4, dma(), 0);
    expect(times.map(({ compute }) => compute)).toEqual([30, 24, 20, 20]);
  });

  it('extrapolates without changing the result', () => {
    for (const [threads, buffers, queues] of [
      [1, 1, 1],
      [3, 2, 1],
      [4, 3, 2],
      [5, 2, 3],
    ]) {
      const tiles = [tile(5003, 3.7, 2.2, 11.3), tile(301, 1.1, 0.7, 4.1)];
      const transfers = dma({ buffers, queues, setupUs: 0.3 });
      const exact = endOf(tiles, threads, transfers, true);
      expect(endOf(tiles, threads, transfers) / exact).toBeCloseTo(1, 6);
    }
  });

  it('records events by track and buffer', () => {
    const events: PipelineEvent[] = [];
    runPipeline([tile(4, 3, 2, 5)], 1, dma({ buffers: 2 }), 1, true, (event) => events.push(event));
    const loads = events.filter(({ what }) => what === 'load');
    expect(loads.map(({ tile: number, buffer }) => [number, buffer])).toEqual([
      [0, 0],
      [1, 1],
      [2, 0],
      [3, 1],
    ]);
    const second = loads[1];
    const first = events.find(({ what, tile: number }) => what === 'compute' && number === 0);
    expect(first).toBeDefined();
    expect(second.start).toBeLessThan(first?.end ?? 0);
    expect(second.end).toBeGreaterThan(first?.start ?? 0);
  });
});

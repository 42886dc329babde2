import { describe, expect, it } from 'vitest';
import { libraryKernel } from '../../../kernels/library.ts';
import { loadTarget } from '../machine/load.ts';
import { originsOf } from '../machine/origins.ts';
import { computeTime, vecGainParts } from './compute-time.ts';
import { simulateKernel } from './simulate.ts';

const code = (vectorBytes: number, staging: string) => ({
  ...{ vectorBytes, unroll: 1, threads: 1, split: 'tiles-block', staging, buffers: 1 },
  ...{ tile: staging === 'direct' ? 256 : 65536 },
});
const gelu = libraryKernel('gelu', [65536]);

describe('the computation of a call', () => {
  it('is packets, waits and scalar accesses, which add up to what the call computes', () => {
    const target = loadTarget('hexagon-mlir');
    for (const vectorBytes of [0, 128]) {
      const configuration = code(vectorBytes, 'copy');
      const { issueUs, waitUs, accessUs } = computeTime(gelu, target, configuration);
      const { compute } = simulateKernel(gelu, target, configuration).breakdown;
      expect(issueUs + waitUs + accessUs).toBeCloseTo(compute, 6);
      expect(Math.min(issueUs, waitUs)).toBeGreaterThan(0);
      expect(accessUs > 0).toBe(vectorBytes === 0);
    }
  });

  it('splits the gain of Vec, and says where most of it rests on a prior', () => {
    const sides = { scalar: code(0, 'direct'), vector: code(128, 'direct') };
    const parts = vecGainParts(gelu, loadTarget('hexagon-v75'), sides);
    expect(parts.issueGain).toBeGreaterThan(5);
    expect(parts.issueGain).toBeLessThan(parts.gain);
    expect(parts.caution).toMatch(/^\d+ % of the scalar time is a prior: /);
    const add = libraryKernel('vector-add', [65536]);
    const fitted = vecGainParts(add, loadTarget('hexagon-mlir'), sides);
    expect(fitted.caution).toBeUndefined();
  });
});

describe('the origin of a figure', () => {
  it('is measured, fitted or prior', () => {
    const kinds = [...originsOf(loadTarget('hexagon-mlir')).entries()].map(([path, { kind }]) => [
      path,
      kind,
    ]);
    const origins = Object.fromEntries(kinds);
    expect(origins['packet.width']).toBe('measured');
    expect(origins['scratchpad.scalarAccessNs']).toBe('fitted');
    expect(origins['memory.0.latencyNs']).toBe('prior');
    expect(kinds.length).toBeGreaterThan(50);
  });
});

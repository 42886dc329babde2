import { describe, expect, it } from 'vitest';
import { libraryKernel } from '../../../kernels/library.ts';
import { loadTarget } from '../machine/load.ts';
import { loweredForNpu } from '../policy.ts';
import { makeBody } from './body.ts';
import { type MicroOp, packetCost, packVectors } from './packets.ts';

const { packet, ops } = loadTarget('hexagon-v75');
const scheduled = (list: readonly MicroOp[], registers = 32) =>
  packetCost(packVectors(list, packet, 'qfloat'), ops.vector, registers);
const alike = (count: number, kind: MicroOp['class']): MicroOp[] =>
  Array.from({ length: count }, () => ({ class: kind, after: [] }));

describe('packets', () => {
  it('hold one load, two multiplications, four operations in all', () => {
    expect(scheduled(alike(8, 'load'), 99).issue).toBe(8);
    expect(scheduled(alike(8, 'integerMultiply'), 99).issue).toBe(4);
    expect(scheduled(alike(8, 'multiply'), 99).issue).toBe(8);
    expect(scheduled(alike(8, 'alu'), 99).issue).toBe(2);
    expect(scheduled([...alike(4, 'load'), ...alike(8, 'integerMultiply')], 99).issue).toBe(4);
  });

  it('wait for the latencies of their operands', () => {
    const chain: MicroOp[] = [
      { class: 'load', after: [] },
      { class: 'multiply', after: [0] },
      { class: 'store', after: [1] },
    ];
    expect(scheduled(chain).cycles).toBe(ops.vector.load + ops.vector.multiply + 1);
  });

  it('spill values that the register file cannot hold', () => {
    const loads = alike(40, 'load');
    const sum: MicroOp = { class: 'alu', after: loads.map((_, i) => i) };
    expect(scheduled([...loads, sum], 40).issue).toBe(40);
    expect(scheduled([...loads, sum], 30).issue).toBe(40 + 2 * 10);
  });
});

describe('a loop body', () => {
  const target = loadTarget('hexagon-v75');
  const bodyOf = (kernel: string, width: number, unroll: number, dtype: 'f32' | 'f16' = 'f32') =>
    makeBody(loweredForNpu(libraryKernel(kernel, undefined, dtype)).nests[0], target, width, unroll);

  it('hides latency by unrolling, down to what the packets allow', () => {
    const perCopy = [1, 2, 4, 8].map((unroll) => bodyOf('vector-add', 128, unroll).unrolled.cycles / unroll);
    expect(perCopy).toEqual(perCopy.toSorted((a, b) => b - a));
    expect(perCopy[3]).toBeGreaterThanOrEqual(bodyOf('vector-add', 128, 1).single.issue);
  });

  it('has twice the lanes in half the bytes, and in a register pair', () => {
    expect(bodyOf('gelu', 128, 1).lanes).toBe(32);
    expect(bodyOf('gelu', 128, 1, 'f16').lanes).toBe(64);
    expect(bodyOf('gelu', 256, 1).lanes).toBe(64);
    expect(bodyOf('gelu', 0, 1).lanes).toBe(1);
  });

  it('shares loads between the rows of a matrix product that it interleaves', () => {
    const { unrolled, single } = bodyOf('matmul', 128, 8);
    expect(unrolled.issue).toBeLessThan(8 * single.issue + 1e-9);
    expect(unrolled.cycles / 8).toBeLessThan(single.cycles / 3);
  });

  it.each([
    ['floats', { ...target, ops: { ...target.ops, vectorFloats: 'ieee' as const } }],
    ['division', { ...target, ops: { ...target.ops, vectorDivision: 'scalar' as const } }],
    ['packets', { ...target, packet: { ...target.packet, shift: 2 } }],
    ['registers', { ...target, vector: { ...target.vector, bytes: 64 } }],
    ['latencies', { ...target, ops: { ...target.ops, vectorLatencyScale: 3 } }],
  ])('is what it would be if no other machine had used its nest, on one with other %s', (_, other) => {
    const nest = () => loweredForNpu(libraryKernel('sigmoid')).nests[0];
    const used = nest();
    const before = makeBody(used, target, 128, 4);
    const after = makeBody(used, other, 128, 4);
    expect(after).toEqual(makeBody(nest(), other, 128, 4));
    expect(after).not.toEqual(before);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Configuration, Value } from '../../../../search-space/parameter.ts';
import { defineKernel, exp } from '../../../kernels/builder.ts';
import type { DType } from '../../../kernels/ir.ts';
import { libraryKernel } from '../../../kernels/library.ts';
import { withFigures } from '../machine/calibration.ts';
import { loadTarget } from '../machine/load.ts';
import { buildSpace, npuSpace } from '../space/space.ts';
import { callParts } from './call-parts.ts';
import { roofline } from './roofline.ts';
import { simulateKernel } from './simulate.ts';

const v73 = loadTarget('hexagon-v73');
const square = (size: number) => libraryKernel('matmul', [size, size, size], 'f16');
type Held = Readonly<Record<string, readonly Value[]>>;

/** The least time of a square product of `size` with some parameters held. */
function leastUs(size: number, held: Held, target = v73): number {
  const kernel = square(size);
  const space = buildSpace(kernel, target).restrict({ values: held });
  if (space === null) throw new Error('nothing is left');
  const times = Array.from(
    { length: space.size },
    (_, place) => simulateKernel(kernel, target, space.at(place)).timeUs,
  );
  return Math.min(...times);
}

const onMatrix: Held = { unit: ['matrix'], vectorBytes: [128], unroll: [8] };
const stagingGain = (size: number): number =>
  leastUs(size, { ...onMatrix, buffers: [1] }) / leastUs(size, { ...onMatrix, buffers: [2] });

describe('the space of a product', () => {
  const unitsOf = (kernel: Parameters<typeof npuSpace>[0], target = v73) =>
    npuSpace(kernel, target).parameters.find(({ name }) => name === 'unit')?.values;

  it('has the choice of the unit for 16-bit floats, where the target has a matrix unit', () => {
    expect(unitsOf(square(64))).toEqual(['vector', 'matrix']);
    expect(unitsOf(libraryKernel('batched-matmul', [2, 64, 64, 64], 'f16'))).toEqual(['vector', 'matrix']);
    expect(unitsOf(libraryKernel('matmul', [64, 64, 64], 'f32'))).toBeUndefined();
    expect(unitsOf(libraryKernel('matmul', [64, 64, 64], 'i8'))).toBeUndefined();
    expect(unitsOf(libraryKernel('softmax', [64, 64], 'f16'))).toBeUndefined();
    expect(unitsOf(square(64), loadTarget('snapdragon-8gen1'))).toBeUndefined();
  });

  it('has whole sums, tiles of the unit, and vector code that packs', () => {
    const kernel = libraryKernel('matmul', [96, 100, 300], 'f16');
    const space = buildSpace(kernel, v73).restrict({ values: { unit: ['matrix'] } });
    const members = Array.from({ length: space?.size ?? 0 }, (_, place) => space?.at(place));
    expect(members.length).toBeGreaterThan(100);
    for (const configuration of members) {
      const { tileM, tileN, tileK, vectorBytes, staging, split } = configuration ?? {};
      expect(tileK).toBe(300);
      expect(Number(tileM) % 32).toBe(0);
      expect(tileN === 100 || Number(tileN) % 32 === 0).toBe(true);
      expect([vectorBytes, staging, split]).not.toContain(0);
      expect(staging).not.toBe('direct');
      expect(split).not.toBe('chunks');
    }
  });

  it('has no buffers that overflow the scratchpad, resident weights included', () => {
    const kernel = square(1024);
    const space = buildSpace(kernel, v73).restrict({ values: { unit: ['matrix'] } });
    if (space === null) throw new Error('nothing is left');
    fc.assert(
      fc.property(fc.nat({ max: space.size - 1 }), (place) => {
        const { scratchpadBytes } = simulateKernel(kernel, v73, space.at(place));
        expect(scratchpadBytes).toBeLessThanOrEqual(v73.scratchpad.bytes);
        expect(scratchpadBytes).toBeGreaterThan(0);
      }),
      { numRuns: 300, seed: 1 },
    );
  });
});

describe('a product on the matrix unit', () => {
  const whole: Configuration = {
    vectorBytes: 128,
    unroll: 4,
    threads: 1,
    split: 'tiles-block',
    staging: 'dma',
    unit: 'matrix',
    weights: 'streamed',
    tileM: 256,
    tileN: 256,
    tileK: 256,
    buffers: 1,
  };
  const timeUs = (changed: Configuration, dtype: DType = 'f16', shape = [256, 256, 256]) =>
    simulateKernel(libraryKernel('matmul', shape, dtype), v73, { ...whole, ...changed }).timeUs;

  it('takes at least its products, one after the other, whatever the threads', () => {
    const products = (8 * 8 * 8 * 8) / 1.478 / 1000;
    expect(roofline(square(256), v73).matrixUs).toBeCloseTo(products, 9);
    for (const threads of [1, 2, 4, 6]) {
      expect(timeUs({ threads, tileM: 32, tileN: 128 })).toBeGreaterThan(products);
    }
  });

  it('has parts that add up to its time, and none for what ends first beside the unit', () => {
    const partsOf = (changed: Configuration) => {
      const configuration = { ...whole, tileM: 32, tileN: 128, ...changed };
      const parts = callParts(square(256), v73, configuration);
      const sum = parts.reduce((total, { us }) => total + us, 0);
      expect(sum).toBeCloseTo(simulateKernel(square(256), v73, configuration).timeUs, 6);
      return parts.map(({ figure }) => figure);
    };
    for (const threads of [1, 4]) {
      expect(partsOf({ threads })).toEqual(
        expect.arrayContaining(['matrix.productCycles', 'matrix.packCycles', 'matrix.allocationUs']),
      );
    }
    const beside = partsOf({ buffers: 2 });
    expect(beside.includes('matrix.productCycles')).not.toBe(beside.includes('matrix.packCycles'));
  });

  it('is at most three times as fast by a second buffer: transfers, packing and products at once', () => {
    const space = buildSpace(square(512), v73).restrict({ values: { unit: ['matrix'], buffers: [2] } });
    if (space === null) throw new Error('nothing is left');
    fc.assert(
      fc.property(fc.nat({ max: space.size - 1 }), (place) => {
        const two = space.at(place);
        const times = [{ ...two, buffers: 1 }, two].map(
          (configuration) => simulateKernel(square(512), v73, configuration).timeUs,
        );
        expect(times[0] / times[1]).toBeLessThan(3);
        expect(times[1]).toBeGreaterThan(roofline(square(512), v73).matrixUs ?? Number.POSITIVE_INFINITY);
      }),
      { numRuns: 200, seed: 2 },
    );
  });

  it('packs resident weights once, streamed ones for each row of tiles', () => {
    const tiles = { tileM: 32, tileN: 128 };
    expect(timeUs({ ...tiles, weights: 'resident' })).toBeLessThan(timeUs({ ...tiles, weights: 'streamed' }));
    const free = withFigures(v73, { 'matrix.packCycles': 0, 'dma.setupUs': 0 });
    const bytesOf = (weights: string) =>
      simulateKernel(square(256), free, { ...whole, ...tiles, weights }).breakdown.dma;
    const matrix = 256 * 256 * 2;
    expect(bytesOf('streamed') - bytesOf('resident')).toBeCloseTo((7 * matrix) / 52 / 1000, 6);
  });

  it('fills up what is smaller than its tiles', () => {
    const unfilled = timeUs({ tileM: 225, tileN: 225, tileK: 225 }, 'f16', [225, 225, 225]);
    const productUs = (us: number, size: number) => us - (3 * size * size * 2) / 52 / 1000;
    expect(productUs(unfilled, 225)).toBeCloseTo(productUs(timeUs({}), 256), -1);
  });

  it('computes what is around the product on vector units', () => {
    const kernelOf = (steps: number) =>
      defineKernel('fused', { shape: [256, 256, 256], dtype: 'f16' }, (k) => {
        const [m, n, d] = [k.dimension('m', 256), k.dimension('n', 256), k.dimension('k', 256)];
        const a = k.input('a', 'f16', [256, 256]).at(m, d);
        const b = k.input('b', 'f16', [256, 256]).at(d, n);
        let value = k.contract(a, b, d, 'f32').to('f16');
        for (let step = 0; step < steps; step++) value = exp(value);
        k.store(k.output('c', 'f16', [256, 256]), [m, n], value);
      });
    const times = [0, 1, 3].map((steps) => simulateKernel(kernelOf(steps), v73, whole).timeUs);
    expect(times[1]).toBeGreaterThan(times[0]);
    expect(times[2]).toBeGreaterThan(times[1]);
  });
});

// Published without full shapes: hexagon-mlir at 227b330 and at 2435621, on a V73.
describe('square products and what was published', () => {
  it('are as much faster on the matrix unit as one product was, within 30 %, at 1024', () => {
    const vector = leastUs(1024, {
      unit: ['vector'],
      threads: [6],
      unroll: [8],
      buffers: [2],
      staging: ['dma'],
    });
    const gain = vector / leastUs(1024, onMatrix);
    expect(gain).toBeGreaterThan(55.8 / 1.3);
    expect(gain).toBeLessThan(55.8 * 1.3);
  });

  it('gain by two staging buffers from a depth of 1024 on, at 2048 what was measured within 30 %', () => {
    expect(stagingGain(256)).toBeLessThan(1);
    expect(stagingGain(512)).toBeLessThan(1);
    expect(stagingGain(1024)).toBeGreaterThan(1);
    expect(stagingGain(2048)).toBeGreaterThan(1.94 * 0.7);
    expect(stagingGain(2048)).toBeLessThan(1.94 * 1.3);
  });
});

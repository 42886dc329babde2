import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomFor } from '../../search-space/random.ts';
import type { Matrix } from './_base.ts';
import { factorize, inverseOf, solveLower, solveUpper } from './cholesky.ts';
import { codedColumns } from './coded-columns.ts';
import { pairedEncoding, plainEncoding } from './encoding.ts';
import { expectedImprovement, normalBelow } from './expected-improvement.ts';
import { fitForest, growTrees, predictForest } from './forest.ts';
import { GaussianProcess } from './gaussian-process.ts';
import { fitScales } from './kernel-scales.ts';
import { standardizedSampleOf } from './standardized-sample.ts';
import { slowLimit, type TrainingSet, timedPlaces } from './training-set.ts';
import { NO_TREND } from './trend.ts';

const matrix = (rows: readonly (readonly number[])[]): Matrix => ({
  rows: rows.length,
  columns: rows[0].length,
  values: Float64Array.from(rows.flat()),
});

describe('cholesky', () => {
  it('factorizes, solves and inverts', () => {
    const draws = fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 49, maxLength: 49 });
    fc.assert(
      fc.property(draws, (draw) => {
        const n = 7;
        const a = Float64Array.from({ length: n * n }, (_, at) => {
          const [i, j] = [Math.floor(at / n), at % n];
          let sum = i === j ? 1 : 0;
          for (let k = 0; k < n; k++) sum += draw[i * n + k] * draw[j * n + k];
          return sum;
        });
        const l = a.slice();
        factorize(l, n);
        const b = Float64Array.of(1, -2, 3, 0.5, 0, 1, -1);
        const x = solveUpper(l, n, solveLower(l, n, b.slice()));
        const inverse = inverseOf(l, n);
        for (let i = 0; i < n; i++) {
          let product = 0;
          let alike = 0;
          for (let k = 0; k < n; k++) {
            product += a[i * n + k] * x[k];
            alike += inverse[i * n + k] * b[k];
          }
          expect(product).toBeCloseTo(b[i], 6);
          expect(alike).toBeCloseTo(x[i], 6);
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe('encoding', () => {
  const parameters = [
    { name: 'tile', kind: 'ordinal', tag: 'schedule', values: [2, 4, 8] },
    { name: 'block', kind: 'ordinal', tag: 'schedule', values: [16, 32, 64] },
    { name: 'order', kind: 'categorical', tag: 'schedule', values: ['x', 'y', 'z'] },
    { name: 'fixed', kind: 'ordinal', tag: 'schedule', values: [7] },
    { name: 'flip', kind: 'flag', tag: 'schedule', values: [false, true] },
  ] as const;

  it('scales ordinals, one-hot encodes categoricals and leaves out fixed parameters', () => {
    const { encode, columns } = plainEncoding(parameters);
    expect(columns).toBe(6);
    expect([...encode([Int32Array.of(1, 2, 1, 0, 1)]).values]).toEqual([0.5, 1, 0, 1, 0, 1]);
  });

  it('adds product and ratio of each pair of sizes', () => {
    const { encode, columns } = pairedEncoding(parameters);
    expect(columns).toBe(8);
    expect([...encode([Int32Array.of(1, 2, 1, 0, 1)]).values.slice(6)]).toEqual([8, -4]);
  });
});

describe('forest', () => {
  const rows = Array.from({ length: 40 }, (_, i) => [i % 8, Math.floor(i / 8)]);
  const targets = Float64Array.from(rows, ([x, y]) => (x > 3 ? 5 : 0) + y);
  const fit = (key: string) =>
    fitForest(matrix(rows), targets, { trees: 30, tries: 2, random: randomFor(key) });

  it('predicts its training data exactly, without a spread', () => {
    const { mean, sd } = predictForest(fit('a'), matrix(rows));
    for (const [i, value] of mean.entries()) expect(value).toBeCloseTo(targets[i], 9);
    for (const value of sd) expect(value).toBeLessThan(1e-6);
  });

  it('predicts within the range of its training data', () => {
    const { mean } = predictForest(
      fit('b'),
      matrix([
        [-9, -9],
        [99, 99],
        [3.5, 2.2],
      ]),
    );
    for (const value of mean) {
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThanOrEqual(9);
    }
  });

  it('grown along another keeps its splits and learns the new rows', () => {
    const seen = rows.slice(0, 30);
    const options = { trees: 30, tries: 2, random: randomFor('along') };
    const before = growTrees(codedColumns(matrix(seen)), targets.slice(0, 30), options);
    const trees = growTrees(codedColumns(matrix(rows)), targets, options, before);
    expect(trees.map(({ threshold }) => threshold[0])).toEqual(before.map(({ threshold }) => threshold[0]));
    const { mean } = predictForest({ trees, columns: 2 }, matrix(rows));
    for (const [i, value] of mean.entries()) expect(value).toBeCloseTo(targets[i], 9);
  });

  it('is the same for the same draws', () => {
    expect(fit('c')).toEqual(fit('c'));
  });

  it('makes one leaf of equal rows', () => {
    const same = fitForest(matrix([[1], [1]]), Float64Array.of(2, 4), {
      trees: 3,
      tries: 1,
      random: randomFor('d'),
    });
    expect([...predictForest(same, matrix([[1]])).mean]).toEqual([3]);
  });
});

describe('Gaussian process', () => {
  const rows = Array.from({ length: 25 }, (_, i) => [(i % 5) / 4, Math.floor(i / 5) / 4]);
  const wave = ([x]: readonly number[]) => Math.sin(4 * x);
  const targets = Float64Array.from(rows, wave);
  const scales = fitScales(matrix(rows), targets);
  const process = new GaussianProcess(matrix(rows), targets, scales);

  it('finds the relevant feature', () => {
    expect(scales.lengths[1]).toBeGreaterThan(scales.lengths[0]);
  });

  it('interpolates, with a spread that grows with the distance', () => {
    const { mean, sd } = process.predict(
      matrix([
        [0.375, 0.5],
        [3, 0.5],
        [0.5, 0.5],
      ]),
    );
    expect(mean[0]).toBeCloseTo(wave([0.375]), 1);
    expect(sd[1]).toBeGreaterThan(sd[0]);
    expect(sd[0]).toBeGreaterThan(sd[2] - 1e-9);
  });

  it('correlates near rows more than far ones', () => {
    const pair = matrix([
      [0, 0],
      [0.1, 0],
      [1, 1],
    ]);
    expect(process.correlation(pair, 0, 0)).toBe(1);
    expect(process.correlation(pair, 0, 1)).toBeGreaterThan(process.correlation(pair, 0, 2));
  });
});

describe('a training set', () => {
  const { POSITIVE_INFINITY: failed } = Number;
  const trials: TrainingSet = {
    members: [3, 1, 2, 0, 4].map((digit) => Int32Array.of(digit)),
    logTimes: Float64Array.of(9, 1, failed, 2, 2.5),
  };

  it('ranks timed trials', () => {
    expect(timedPlaces(trials)).toEqual([1, 3, 4, 0]);
  });

  it('has its limit for slow times as far above the median as the fastest is below it', () => {
    expect(slowLimit(trials, timedPlaces(trials))).toBe(4);
  });

  it('samples with zero mean and unit variance, at most 120 rows, the fastest among them', () => {
    const many: TrainingSet = {
      members: Array.from({ length: 500 }, (_, i) => Int32Array.of(i)),
      logTimes: Float64Array.from({ length: 500 }, (_, i) => ((i * 7) % 500) / 100),
    };
    const values = Array.from({ length: 500 }, (_, i) => i);
    const { features, targets } = standardizedSampleOf(
      many,
      plainEncoding([{ name: 'n', kind: 'ordinal', tag: 'schedule', values }]),
      NO_TREND,
    );
    expect(features.rows).toBe(120);
    expect(features.values[0]).toBe(0);
    expect(targets.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 6);
    expect(targets.reduce((sum, value) => sum + value ** 2, 0) / 120).toBeCloseTo(1, 6);
  });
});

describe('expected improvement', () => {
  it('computes the normal distribution', () => {
    expect(normalBelow(0)).toBeCloseTo(0.5, 6);
    expect(normalBelow(1.959964)).toBeCloseTo(0.975, 6);
    expect(normalBelow(-1.959964)).toBeCloseTo(0.025, 6);
  });

  it('grows with the spread and with a lower mean, and has the right limits', () => {
    expect(expectedImprovement(0, 0, 1)).toBeCloseTo(1 / Math.sqrt(2 * Math.PI), 6);
    expect(expectedImprovement(5, 2, 1e-9)).toBeCloseTo(3, 6);
    expect(expectedImprovement(0, 1, 2)).toBeGreaterThan(expectedImprovement(0, 1, 1));
    expect(expectedImprovement(0, 1, 1)).toBeGreaterThan(expectedImprovement(0, 2, 1));
  });
});

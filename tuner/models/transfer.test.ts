import { describe, expect, it } from 'vitest';
import type { Parameter } from '../../search-space/parameter.ts';
import { plainEncoding } from './encoding.ts';
import { expectationsOf } from './expectations.ts';
import { fitScales } from './kernel-scales.ts';
import { priorWeight, trendOf } from './prior-weight.ts';
import { standardizedSampleOf } from './standardized-sample.ts';
import type { TrainingSet } from './training-set.ts';
import { type TransferredTrial, trainingSetFrom, transferPrior } from './transfer-prior.ts';
import { NO_TREND } from './trend.ts';

const parameters: readonly Parameter[] = [
  { name: 'tile', kind: 'ordinal', tag: 'schedule', values: [1, 2, 4, 8, 16, 32] },
  { name: 'threads', kind: 'ordinal', tag: 'mt', off: 1, values: [1, 2, 3, 4] },
];
const tiles = [1, 2, 4, 8, 16, 32];
const everywhere = tiles.flatMap((tile) => [1, 2, 3, 4].map((threads) => ({ tile, threads })));
const device = (logTime: (tile: number, threads: number) => number): TransferredTrial[] =>
  everywhere.map(({ tile, threads }) => ({
    configuration: { tile, threads },
    logTime: logTime(tile, threads),
  }));

const quick = device((tile, threads) => Math.abs(Math.log2(tile) - 3) + 1 / threads);
const slow = device((tile, threads) => 5 + 0.5 * (Math.abs(Math.log2(tile) - 3) + 1 / threads));
const opposite = device((tile, threads) => -Math.abs(Math.log2(tile) - 3) - 1 / threads);
const prior = transferPrior(parameters, [trainingSetFrom(parameters, quick)], 'v1');
if (prior === undefined) throw new Error('two dozen times are enough for a prior');

describe('trainingSetFrom', () => {
  it('uses members of this space and leaves out other configurations', () => {
    const strangers: TransferredTrial[] = [
      { configuration: { tile: 3, threads: 1 }, logTime: 1 },
      { configuration: { tile: 2 }, logTime: 1 },
    ];
    const study = trainingSetFrom(parameters, [...strangers, ...quick]);
    expect(study.members).toHaveLength(24);
    expect([...study.members[0]]).toEqual([0, 0]);
  });
});

describe('transferPrior', () => {
  const ranks = (logTimes: readonly number[]) =>
    logTimes.map((_, i) => i).sort((a, b) => logTimes[a] - logTimes[b]);

  it('keeps the order of the other device', () => {
    const study = trainingSetFrom(parameters, quick);
    const predicted = prior.predict(study.members).map(({ meanLog }) => meanLog);
    expect(ranks(predicted).slice(0, 3)).toEqual(ranks([...study.logTimes]).slice(0, 3));
  });

  it('weighs a slow device as much as a quick one', () => {
    const both = transferPrior(
      parameters,
      [trainingSetFrom(parameters, quick), trainingSetFrom(parameters, slow)],
      'v1',
    );
    const study = trainingSetFrom(parameters, quick);
    const predicted = both?.predict(study.members).map(({ meanLog }) => meanLog) ?? [];
    expect(ranks(predicted)[0]).toBe(ranks([...study.logTimes])[0]);
  });

  it('is undefined without trials', () => {
    expect(transferPrior(parameters, [], 'v1')).toBeUndefined();
    const failed = device(() => Number.POSITIVE_INFINITY);
    expect(transferPrior(parameters, [trainingSetFrom(parameters, failed)], 'v1')).toBeUndefined();
  });
});

describe('the weight of a prior', () => {
  const expected = expectationsOf(prior, parameters);
  const encoding = plainEncoding(parameters);
  const viewOf = (trials: TrainingSet) => {
    const { features, targets } = standardizedSampleOf(trials, encoding, NO_TREND);
    return { encoding, scales: fitScales(features, targets) };
  };
  const some = (trials: readonly TransferredTrial[]) =>
    trainingSetFrom(
      parameters,
      trials.filter((_, i) => i % 3 === 0),
    );
  const weightOn = (trials: TrainingSet) => priorWeight(expected, trials, viewOf(trials));

  it('is large for a similar device, and zero for an opposite one', () => {
    expect(weightOn(some(quick))).toBeGreaterThan(0.8);
    expect(weightOn(some(opposite))).toBe(0);
    expect(trendOf(expected, some(opposite), viewOf(some(opposite)))).toBe(NO_TREND);
  });

  it('scales the predictions of the prior', () => {
    const study = some(quick);
    const [predicted] = prior.predict([Int32Array.of(2, 1)]);
    const trend = trendOf(expected, study, viewOf(study));
    expect(trend([Int32Array.of(2, 1)])[0]).toBeCloseTo(weightOn(study) * predicted.meanLog, 9);
  });
});

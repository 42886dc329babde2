import { describe, expect, it } from 'vitest';
import type { Parameter } from '../../search-space/parameter.ts';
import { normal, type Random, randomFor } from '../../search-space/random.ts';
import { tableSpace } from '../../search-space/table-space.ts';
import { costModelConformance } from './cost-model.conformance.ts';
import { GaussianProcess } from './gaussian-process.ts';
import { fitScales } from './kernel-scales.ts';
import { moments } from './matrix.ts';
import { spaceViewOf } from './space-view.ts';
import { standardizedSampleOf } from './standardized-sample.ts';
import { StudyForests } from './study-forests.ts';
import { Surrogate } from './surrogate.ts';
import type { TrainingSet } from './training-set.ts';
import { NO_TREND } from './trend.ts';

costModelConformance('the Gaussian process', (features, logTimes) => {
  const { mean, sd } = moments(logTimes);
  const targets = logTimes.map((time) => (time - mean) / sd);
  const process = new GaussianProcess(features, targets, fitScales(features, targets));
  return {
    predict: (rows) => {
      const estimate = process.predict(rows);
      return Array.from(estimate.mean, (value, i) => ({
        meanLog: mean + sd * value,
        sdLog: sd * estimate.sd[i],
      }));
    },
  };
});

const sizes = [1, 2, 4, 8, 16, 32];
const parameters: readonly Parameter[] = ['x', 'y', 'z'].map((name) => ({
  name,
  kind: 'ordinal',
  tag: 'schedule',
  values: sizes,
}));
const space = tableSpace(
  parameters,
  sizes.flatMap((x) => sizes.flatMap((y) => sizes.map((z) => [x, y, z]))),
);

/** A valley along x · y = 2⁵ with a cliff in z, a little noise, and failures beyond x · z = 2⁸. */
function logTime([x, y, z]: Int32Array, random: Random): number {
  if (x + z > 8) return Number.POSITIVE_INFINITY;
  return 3 + 0.3 * Math.abs(x + y - 5) + (z > 3 ? 0.4 : 0.1 * z) + 0.03 * normal(random);
}

function modelFrom(count: number, seed: number) {
  const random = randomFor('surrogate test', seed);
  const members = Array.from({ length: count }, () => space.digitsAt(space.sample(random)));
  const trials: TrainingSet = {
    members,
    logTimes: Float64Array.from(members, (digits) => logTime(digits, random)),
  };
  const view = spaceViewOf(space);
  const { features, targets } = standardizedSampleOf(trials, view.plain, NO_TREND);
  const sample = { trials, trend: NO_TREND };
  const forests = new StudyForests(view.paired, seed, true).at(0, () => sample);
  return new Surrogate(view, sample, fitScales(features, targets), forests);
}

const everyone = Array.from({ length: space.size }, (_, index) => space.digitsAt(index));
const truth = everyone.map((digits) => logTime(digits, randomFor('truth', digits.join())));

describe('the surrogate', () => {
  it('learns which members fail', () => {
    const { valid } = modelFrom(80, 1).predict(everyone);
    const right = truth.filter((time, i) => Number.isFinite(time) === valid[i] > 0.5).length;
    expect(right / truth.length).toBeGreaterThan(0.9);
  });

  it('finds the fastest among held-out members', () => {
    const { mean } = modelFrom(60, 2).predict(everyone.filter((_, i) => Number.isFinite(truth[i])));
    const finite = truth.filter(Number.isFinite);
    const best = mean.indexOf(Math.min(...mean));
    expect(finite[best] - Math.min(...finite)).toBeLessThan(0.25);
  });

  it('has 85 to 95 of 100 results inside its 90 % interval', () => {
    let inside = 0;
    let all = 0;
    for (let seed = 1; seed <= 6; seed++) {
      const model = modelFrom(60, seed);
      const { mean, sd } = model.predict(everyone);
      truth.forEach((time, i) => {
        if (!Number.isFinite(time)) return;
        // Times above this count as equally slow.
        const error = Math.min(time, model.slow) - Math.min(mean[i], model.slow);
        if (Math.abs(error) <= 1.645 * sd[i]) inside++;
        all++;
      });
    }
    expect(inside / all).toBeGreaterThan(0.85);
    expect(inside / all).toBeLessThan(0.95);
  });

  it('correlates a member with itself more than with others', () => {
    const model = modelFrom(40, 3);
    const [first, second] = everyone;
    expect(model.correlation(first, first)).toBe(1);
    expect(model.correlation(first, second)).toBeLessThan(1);
  });
});

describe('the forests of a study', () => {
  const random = randomFor('study forests');
  const members = Array.from({ length: 150 }, () => space.digitsAt(space.sample(random)));
  const logTimes = Float64Array.from(members, (digits) => logTime(digits, random));
  const fitAt = (number: number) => {
    const length = 100 + 4 * number;
    return {
      trials: { members: members.slice(0, length), logTimes: logTimes.slice(0, length) },
      trend: NO_TREND,
    };
  };
  const forests = () => new StudyForests(spaceViewOf(space).paired, 1, true);

  it('are the same for a model asked for at once and after those before it', () => {
    const kept = forests();
    const each = Array.from({ length: 8 }, (_, number) => kept.at(number, fitAt));
    expect(forests().at(7, fitAt)).toEqual(each[7]);
  });

  it('keep most trees from one model to the next, and none for long', () => {
    const roots = (number: number) =>
      forests()
        .at(number, fitAt)
        .times.trees.map(({ threshold }) => threshold[0]);
    const [first, next, later] = [4, 5, 8].map(roots);
    expect(next.filter((root) => first.includes(root)).length).toBeGreaterThan(first.length / 2);
    expect(later.filter((root) => first.includes(root)).length).toBeLessThan(first.length / 4);
  });
});
